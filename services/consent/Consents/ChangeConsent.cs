// lock of the tenant -> clock -> Decide -> stream consent/{tenant} -> commit, and only then the lock is free
using Fleet.Defaults;
using Fleet.EventStore;
using Npgsql;

namespace Fleet.Consent.Consents;

/// <summary>
/// The one way a consent changes: one change of a tenant at a time, dated under a lock that is held until it is committed. So whoever has been told under the same lock what stands
/// (<see cref="TellConsents"/>) can rely on it up to that moment: no change of before it can still appear.
/// </summary>
public static class ChangeConsent
{
    /// <param name="decide">Told the moment that dates the change.</param>
    public static async Task<Outcome<TenantConsent, ConsentEvent>> RunAsync(
        ModuleContext module, string tenant, Func<TenantConsent, DateTimeOffset, Decision<ConsentEvent>> decide, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using (var alone = new NpgsqlCommand($"select pg_advisory_xact_lock({Key("$1")})", session.Connection, session.Transaction) { Parameters = { new() { Value = tenant } } })
            await alone.ExecuteNonQueryAsync(cancel);
        var stream = (await session.FetchForWriting<TenantConsent>([(tenant, TenantConsent.Key(tenant))], cancel))[0];
        var decision = decide(stream.Aggregate, module.Clock.GetUtcNow());
        if (decision.Refusal is not null || decision.Events.Count == 0)
            return new(decision.Refusal, stream.Aggregate, decision.Events);

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(cancel);
        return new(null, module.Store.Fold(stream.Aggregate, decision.Events), decision.Events);
    }

    /// <summary>Waits for changes under way and keeps new ones from being dated, until the session ends; readers do not wait for each other.</summary>
    public static async Task HoldAsync(BatchSession session, IReadOnlyCollection<string> tenants, CancellationToken cancel)
    {
        await session.BeginAsync(cancel);
        await using var together = new NpgsqlCommand(
            $"select pg_advisory_xact_lock_shared({Key("tenant")}) from (select unnest($1) as tenant order by 1) as tenants", session.Connection, session.Transaction)
        { Parameters = { new() { Value = tenants.ToArray() } } };
        await together.ExecuteNonQueryAsync(cancel);
    }

    private static string Key(string tenant) => $"hashtext('consent'), hashtext({tenant})";
}
