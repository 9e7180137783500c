using Fleet.EventStore;
using Npgsql;

namespace Fleet.Telemetry.Silence;

/// <summary>When each agent was last heard, as the view <c>agents</c> shows it: late by a moment at most, and what is called silent by it is looked up in the stream.</summary>
public sealed class HeardAgents(IReadOnlyList<HeardAgent> all)
{
    private readonly ILookup<(string, string), HeardAgent> _bySite = all.ToLookup(a => (a.TenantId, a.Site));

    public bool Speaks(string tenant, string site, DateTimeOffset after) => _bySite[(tenant, site)].Any(a => a.LastAt >= after);

    public IEnumerable<HeardAgent> NotHeardSince(DateTimeOffset time) => all.Where(a => !a.IsSilent && a.LastAt < time);

    public static async Task<HeardAgents> LoadAsync(BatchSession session, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select tenant_id, key, site_id, last_batch_at, silent_since is not null from agents where last_batch_at is not null", session.Connection, session.Transaction);
        var heard = new List<HeardAgent>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            heard.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4)));
        return new(heard);
    }
}

/// <param name="Key"><c>{site}/{agent}</c>.</param>
public sealed record HeardAgent(string TenantId, string Key, string Site, DateTimeOffset LastAt, bool IsSilent);
