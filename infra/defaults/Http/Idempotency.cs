using System.Security.Cryptography;
using System.Text;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Fleet.Defaults;

/// <summary>
/// <c>Idempotency-Key</c> on writes (IETF draft-ietf-httpapi-idempotency-key-header): the same caller, route, key and body gets the
/// first answer again; the same key with another body is 409. Only successes are kept: a refusal may be tried again with the same key.
/// </summary>
public static class Idempotency
{
    public const string Header = "Idempotency-Key";
    internal const int LongestKey = 255;

    internal const string Table =
        """
        create table if not exists fleet_idempotency (
            caller varchar not null,
            key varchar not null,
            request bytea not null,
            status int,
            content_type varchar,
            body bytea,
            location varchar,
            at timestamptz not null,
            primary key (caller, key))
        """;

    public static RouteHandlerBuilder Idempotent(this RouteHandlerBuilder route, ModuleContext module) => route
        .WithMetadata(new TakesIdempotencyKey())
        .AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var key = http.Request.Headers[Header].ToString();
            if (key.Length == 0)
                return await next(context);
            if (key.Length > LongestKey)
                return Refusal.Invalid("idempotency-key", $"{Header} is longer than {LongestKey} characters.").ToResult();

            var caller = Caller.Of(http.User).Id;
            var request = await FingerprintAsync(http.Request);
            await using var session = module.Store.BatchSession();
            await session.BeginAsync(http.RequestAborted);

            // The row is locked until our answer is kept, so a second call with the key waits for the first one's answer.
            var kept = await ClaimAsync(session, caller, key, request, module.Clock.GetUtcNow(), http.RequestAborted);
            if (kept is { } before)
                return before.Request.AsSpan().SequenceEqual(request)
                    ? before.Answer
                    : Refusal.Conflict("idempotency-key-reused", $"The {Header} '{key}' was used before with another request; take a new key.").ToResult();

            var result = await next(context);
            var answer = await KeptAnswer.OfAsync(result, http);
            if (answer.Status is >= 200 and < 300)
            {
                await KeepAsync(session, caller, key, answer, http.RequestAborted);
                await session.SaveChangesAsync(http.RequestAborted);
            }
            return answer;
        });

    /// <summary>
    /// An id for what this request creates. With a key it is the same for every try, so that a try whose answer got lost, even to a crash
    /// between the append and the kept answer, creates nothing twice.
    /// </summary>
    public static Guid NewId(HttpContext http, TimeProvider clock)
    {
        var key = http.Request.Headers[Header].ToString();
        return key.Length == 0
            ? Guid.CreateVersion7(clock.GetUtcNow())
            : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{Caller.Of(http.User).Id}\n{http.Request.Path}\n{key}")).AsSpan(0, 16));
    }

    /// <summary>Forgets every kept answer that names a tenant: too many rather than too few.</summary>
    internal static async Task ForgetAsync(BatchSession session, string tenant, CancellationToken cancel)
    {
        await using var delete = new NpgsqlCommand(
            "delete from fleet_idempotency where position($1 in caller || ' ' || key || ' ' || coalesce(location, '') || ' ' || coalesce(encode(body, 'escape'), '')) > 0", session.Connection, session.Transaction)
        { Parameters = { new() { Value = tenant } } };
        await delete.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        request.Body.Position = 0;
        var buffer = new byte[8192];
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;)
            hash.AppendData(buffer, 0, read);
        return hash.GetHashAndReset();
    }

    private static async Task<(byte[] Request, KeptAnswer Answer)?> ClaimAsync(
        BatchSession session, string caller, string key, byte[] request, DateTimeOffset now, CancellationToken cancel)
    {
        await using var insert = new NpgsqlCommand(
            "insert into fleet_idempotency (caller, key, request, at) values ($1, $2, $3, $4) on conflict do nothing",
            session.Connection, session.Transaction)
        { Parameters = { new() { Value = caller }, new() { Value = key }, new() { Value = request }, new() { Value = now } } };
        if (await insert.ExecuteNonQueryAsync(cancel) == 1)
            return null;

        await using var select = new NpgsqlCommand(
            "select request, status, content_type, body, location from fleet_idempotency where caller = $1 and key = $2",
            session.Connection, session.Transaction)
        { Parameters = { new() { Value = caller }, new() { Value = key } } };
        await using var row = await select.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return (row.GetFieldValue<byte[]>(0), new KeptAnswer(
            row.GetInt32(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetFieldValue<byte[]>(3), row.IsDBNull(4) ? null : row.GetString(4)));
    }

    private static async Task KeepAsync(BatchSession session, string caller, string key, KeptAnswer answer, CancellationToken cancel)
    {
        await using var update = new NpgsqlCommand(
            "update fleet_idempotency set status = $3, content_type = $4, body = $5, location = $6 where caller = $1 and key = $2",
            session.Connection, session.Transaction)
        {
            Parameters =
            {
                new() { Value = caller }, new() { Value = key }, new() { Value = answer.Status },
                new() { Value = (object?)answer.ContentType ?? DBNull.Value }, new() { Value = answer.Body }, new() { Value = (object?)answer.Location ?? DBNull.Value },
            },
        };
        await update.ExecuteNonQueryAsync(cancel);
    }
}
