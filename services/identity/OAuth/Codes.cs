using System.Buffers.Text;
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.People;
using Npgsql;

namespace Fleet.Identity.OAuth;

/// <summary>What a code stands for: who signed in, and what the client asked for.</summary>
/// <param name="Grant">What came of it; null until it is shown. Empty: nothing, it was shown wrongly.</param>
public sealed record AuthorizationCode(
    string Person, string Session, string Client, string Redirect, string Challenge, IReadOnlyList<string> Scope, string? Nonce, DateTimeOffset Until, string? Grant);

/// <summary>
/// Codes given out, by hash: for a minute to be shown, for a day to find out who shows one twice (RFC 6749 §10.5). Beside the streams, because most of their life is waiting; what comes of one is an event of the person.
/// </summary>
public sealed class Codes(ModuleContext module)
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public const string Table =
        """
        create table if not exists fleet_code (
            hash varchar primary key,
            person_id varchar not null,
            session varchar not null,
            client varchar not null,
            redirect varchar not null,
            challenge varchar not null,
            scope varchar not null,
            nonce varchar,
            until timestamptz not null,
            grant_id varchar);
        create index if not exists fleet_code_until on fleet_code (until)
        """;

    public async Task<string> NewAsync(AuthorizationRequest request, string person, string session, CancellationToken cancel)
    {
        var (code, now) = (Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)), module.Clock.GetUtcNow());
        await using var work = module.Store.BatchSession();
        await work.BeginAsync(cancel);
        await using var forget = new NpgsqlCommand("delete from fleet_code where ctid in (select ctid from fleet_code where until < $1 limit 100 for update skip locked)", work.Connection, work.Transaction)
        { Parameters = { new() { Value = now - Kept } } };
        await forget.ExecuteNonQueryAsync(cancel);
        await using var insert = new NpgsqlCommand(
            "insert into fleet_code (hash, person_id, session, client, redirect, challenge, scope, nonce, until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)", work.Connection, work.Transaction)
        {
            Parameters =
            {
                new() { Value = BearerSecret.HashOf(code) }, new() { Value = person }, new() { Value = session }, new() { Value = request.Client }, new() { Value = request.Redirect },
                new() { Value = request.Challenge }, new() { Value = string.Join(' ', request.Scope) }, new() { Value = (object?)request.Nonce ?? DBNull.Value }, new() { Value = now + Life },
            },
        };
        await insert.ExecuteNonQueryAsync(cancel);
        await work.SaveChangesAsync(cancel);
        return code;
    }

    /// <summary>Null: nobody was given this code. The row is held until the session's transaction ends, so that of two who show it at once one waits for the other.</summary>
    public static async Task<AuthorizationCode?> TakeAsync(BatchSession work, string code, CancellationToken cancel)
    {
        await work.BeginAsync(cancel);
        await using var select = new NpgsqlCommand(
            "select person_id, session, client, redirect, challenge, scope, nonce, until, grant_id from fleet_code where hash = $1 for update", work.Connection, work.Transaction)
        { Parameters = { new() { Value = BearerSecret.HashOf(code) } } };
        await using var row = await select.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5).Split(' ', StringSplitOptions.RemoveEmptyEntries),
                row.IsDBNull(6) ? null : row.GetString(6), row.GetFieldValue<DateTimeOffset>(7), row.IsDBNull(8) ? null : row.GetString(8))
            : null;
    }

    /// <param name="grant">What came of it; empty: nothing.</param>
    public static async Task UsedAsync(BatchSession work, string code, string grant, CancellationToken cancel)
    {
        await using var update = new NpgsqlCommand("update fleet_code set grant_id = $2 where hash = $1", work.Connection, work.Transaction)
        { Parameters = { new() { Value = BearerSecret.HashOf(code) }, new() { Value = grant } } };
        await update.ExecuteNonQueryAsync(cancel);
    }
}
