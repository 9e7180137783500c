using Fleet.Defaults;
using Npgsql;

namespace Fleet.Identity.Proofs;

/// <summary>
/// Proofs shown so far, for as long as they could be shown again (RFC 9449 §11.1). In the database, because the proof one replica has seen must not be new to another.
/// </summary>
public sealed class SeenProofs(ModuleContext module)
{
    public const string Table =
        """
        create table if not exists fleet_proof (
            key_id varchar not null,
            jti varchar not null,
            until timestamptz not null,
            primary key (key_id, jti));
        create index if not exists fleet_proof_until on fleet_proof (until)
        """;

    // From the earliest iat that is taken to the latest.
    private static readonly TimeSpan Kept = 2 * CheckProof.Window + TimeSpan.FromSeconds(10);

    /// <summary>Whether this is the first time; forgets some that are too old to be shown again, whosever they are.</summary>
    public Task<bool> IsNewAsync(Proof proof, CancellationToken cancel) => IsNewAsync(proof.Key.Id, proof.Id, module.Clock.GetUtcNow() + Kept, cancel);

    /// <inheritdoc cref="IsNewAsync(Proof, CancellationToken)"/>
    /// <param name="by">Who shows it: a key, a client.</param>
    /// <param name="until">When it could not be shown again anyway.</param>
    public async Task<bool> IsNewAsync(string by, string id, DateTimeOffset until, CancellationToken cancel)
    {
        var now = module.Clock.GetUtcNow();
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var forget = new NpgsqlCommand(
            "delete from fleet_proof where ctid in (select ctid from fleet_proof where until < $1 limit 100 for update skip locked)", session.Connection, session.Transaction)
        { Parameters = { new() { Value = now } } };
        await forget.ExecuteNonQueryAsync(cancel);
        await using var insert = new NpgsqlCommand("insert into fleet_proof (key_id, jti, until) values ($1, $2, $3) on conflict do nothing", session.Connection, session.Transaction)
        { Parameters = { new() { Value = by }, new() { Value = id }, new() { Value = until } } };
        var isNew = await insert.ExecuteNonQueryAsync(cancel) == 1;
        await session.SaveChangesAsync(cancel);
        return isNew;
    }
}
