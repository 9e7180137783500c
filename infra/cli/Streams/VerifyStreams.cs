// telemetry's events in order -> versions, batches (chain, root, signature), readings against leaves, sums of what was written -> broken, or not
using Npgsql;

namespace Fleet.Cli.Streams;

/// <summary>
/// All that the gate ever stored, against what the agents signed. Shares no code with the service but the public contract of an edge batch: what it is told is the form of what is stored
/// (services/telemetry/README.md, "Evidence"). In memory are one page of events, a number per stream, and what waits for its other half.
/// </summary>
public static class VerifyStreams
{
    private const string Schema = "telemetry";

    /// <param name="door">Connection string of telemetry's auditor.</param>
    /// <param name="found">Hears each break at once, in the order of the store.</param>
    public static async Task<Verified> RunAsync(string door, string? tenant, Action<Broken> found, Action<long> progress, CancellationToken stop)
    {
        await using var store = NpgsqlDataSource.Create(door);
        var (end, versions) = await StreamPages.EndAsync(store, Schema, tenant, stop);
        var broken = 0L;
        void Break(Broken one)
        {
            broken++;
            found(one);
        }

        var streams = new GaplessVersions(Break);
        var tenants = new Dictionary<string, TenantLedger>();
        var events = 0L;
        await foreach (var e in StreamPages.ReadAsync(store, Schema, tenant, end, stop))
        {
            streams.Add(e);
            if (!tenants.TryGetValue(e.Tenant, out var ledger))
                tenants[e.Tenant] = ledger = new(e.Tenant, Break);
            ledger.Add(e);
            if (++events % 10_000 == 0)
                progress(events);
        }
        streams.End(versions);
        foreach (var ledger in tenants.Values)
            ledger.End();
        return new(events, versions.Count, tenants.Values.Sum(t => t.Batches), tenants.Values.Sum(t => t.Leaves), tenants.Values.Sum(t => t.Readings), tenants.Values.Sum(t => t.Unsigned), broken);
    }
}
