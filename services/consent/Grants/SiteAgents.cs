using Fleet.Defaults;
using Npgsql;

namespace Fleet.Consent.Grants;

/// <summary>The rows of <see cref="SiteHold"/>, one per site. Not events: that an agent is still there is no news.</summary>
public static class SiteAgents
{
    public const string Table =
        """
        create table if not exists site_agent (
            tenant_id varchar not null,
            site_id varchar not null,
            agent_id varchar not null,
            since timestamptz not null,
            seen_at timestamptz not null,
            waiting_at timestamptz,
            primary key (tenant_id, site_id)
        ) with (fillfactor = 70);
        alter table site_agent enable row level security
        """;

    /// <summary>The site as it is after this agent has asked. Two that ask at once wait for each other: one of them has it.</summary>
    public static async Task<SiteHold> AskAsync(ModuleContext module, string tenant, string site, string agent, DateTimeOffset now, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await InsertAsync(tenant, site, HoldSite.Decide(null, agent, now), session.Connection, session.Transaction, cancel);
        var hold = HoldSite.Decide(await LockAsync(tenant, site, session.Connection, session.Transaction, cancel), agent, now);
        await UpdateAsync(tenant, site, hold, session.Connection, session.Transaction, cancel);
        await session.SaveChangesAsync(cancel);
        return hold;
    }

    private static async Task InsertAsync(string tenant, string site, SiteHold hold, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "insert into site_agent (tenant_id, site_id, agent_id, since, seen_at) values ($1, $2, $3, $4, $5) on conflict do nothing", connection, transaction)
        { Parameters = { new() { Value = tenant }, new() { Value = site }, new() { Value = hold.Agent }, new() { Value = hold.Since }, new() { Value = hold.SeenAt } } };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<SiteHold> LockAsync(string tenant, string site, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select agent_id, since, seen_at, waiting_at from site_agent where tenant_id = $1 and site_id = $2 for update", connection, transaction)
        { Parameters = { new() { Value = tenant }, new() { Value = site } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3));
    }

    private static async Task UpdateAsync(string tenant, string site, SiteHold hold, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "update site_agent set agent_id = $3, since = $4, seen_at = $5, waiting_at = $6 where tenant_id = $1 and site_id = $2", connection, transaction)
        {
            Parameters =
            {
                new() { Value = tenant }, new() { Value = site }, new() { Value = hold.Agent }, new() { Value = hold.Since }, new() { Value = hold.SeenAt },
                new() { Value = (object?)hold.WaitingAt ?? DBNull.Value },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
