// a receipt is signed for the first time under a key -> row consent_receipt_key -> GET /.well-known/fleet-receipt-keys
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Fleet.Consent.Receipts;

/// <summary>
/// The public half of every key a receipt was ever signed with: one that was handed out years ago verifies after any change of keys. Apart from the keys of grants, which are today's alone: what
/// an old key signs may prove what was, and open nothing.
/// </summary>
public static class ReceiptKeys
{
    public const string Path = "/.well-known/fleet-receipt-keys";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var today = Es256Key.Open(module.Settings, "FLEET_CONSENT_KEY").Published.Keys;
        app.MapGet(Path, async (HttpContext http, CancellationToken cancel) =>
        {
            http.Response.Headers.CacheControl = KeySet.Keepable;
            return Results.Json(new KeySet([.. today, .. (await EarlierAsync(module, cancel)).Where(key => today.All(one => one.Kid != key.Kid))]));
        })
        .WithName("GetReceiptKeys").WithSummary("The public keys receipts were ever signed with (RFC 7517)").Produces<KeySet>();
    }

    public static async Task KeepAsync(Es256Key key, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var insert = new NpgsqlCommand("insert into consent_receipt_key (key_id, x, y) values ($1, $2, $3) on conflict do nothing", connection, transaction)
        { Parameters = { new() { Value = key.Id }, new() { Value = key.X }, new() { Value = key.Y } } };
        await insert.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<List<PublicKey>> EarlierAsync(ModuleContext module, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var select = new NpgsqlCommand("select key_id, x, y from consent_receipt_key order by key_id", session.Connection, session.Transaction);
        await using var row = await select.ExecuteReaderAsync(cancel);
        var keys = new List<PublicKey>();
        while (await row.ReadAsync(cancel))
            keys.Add(new("EC", "sig", "ES256", "P-256", row.GetString(0), row.GetString(1), row.GetString(2)));
        return keys;
    }
}
