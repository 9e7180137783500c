using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Defaults;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace Fleet.Consent.Receipts;

/// <summary>
/// Receipts as signed: JWS in compact form (RFC 7515), ES256, under the key grants are signed with. ES256 signs each time otherwise, so what was handed out once is kept and handed out again.
/// </summary>
public static class SignReceipt
{
    public const string Type = "consent-receipt+jws", MediaType = "application/jose";

    /// <summary>One row per receipt and key: after a change of keys a receipt is signed anew, over the same payload.</summary>
    public const string Table =
        """
        create table if not exists consent_receipt (
            tenant_id varchar not null,
            id uuid not null,
            key_id varchar not null,
            jws text not null,
            primary key (tenant_id, id, key_id)
        );
        alter table consent_receipt enable row level security;
        create table if not exists consent_receipt_key (
            key_id varchar primary key,
            x varchar not null,
            y varchar not null
        );
        alter table consent_receipt_key enable row level security
        """;

    public static string Sign(byte[] payload, Es256Key key)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["alg"] = "ES256", ["kid"] = key.Id, ["typ"] = Type, ["cty"] = "application/ld+json" });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var signature = ((ECDsaSecurityKey)key.Signing.Key).ECDsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The one that was handed out first. Two that ask at once get the same.</summary>
    public static async Task<string> KeptAsync(ModuleContext module, string tenant, Guid id, byte[] payload, Es256Key key, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        if (await ReadAsync(tenant, id, key.Id, session.Connection, session.Transaction, cancel) is { } kept)
            return kept;
        await using (var insert = new NpgsqlCommand("insert into consent_receipt (tenant_id, id, key_id, jws) values ($1, $2, $3, $4) on conflict do nothing", session.Connection, session.Transaction)
        { Parameters = { new() { Value = tenant }, new() { Value = id }, new() { Value = key.Id }, new() { Value = Sign(payload, key) } } })
            await insert.ExecuteNonQueryAsync(cancel);
        await ReceiptKeys.KeepAsync(key, session.Connection, session.Transaction, cancel);
        var first = await ReadAsync(tenant, id, key.Id, session.Connection, session.Transaction, cancel);
        await session.SaveChangesAsync(cancel);
        return first!;
    }

    private static async Task<string?> ReadAsync(string tenant, Guid id, string keyId, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select jws from consent_receipt where tenant_id = $1 and id = $2 and key_id = $3", connection, transaction)
        { Parameters = { new() { Value = tenant }, new() { Value = id }, new() { Value = keyId } } };
        return (string?)await command.ExecuteScalarAsync(cancel);
    }
}
