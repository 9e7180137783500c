using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>A token put together by hand: a good one, unless something is changed.</summary>
internal sealed record ForgedToken(JsonObject Header, JsonObject Payload, Func<byte[], byte[]> Sign)
{
    /// <summary>What identity itself would sign for a technician.</summary>
    public static ForgedToken Good(ECDsa key, string keyId, string issuer, DateTimeOffset now) => new(
        new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = keyId },
        new JsonObject
        {
            ["iss"] = issuer,
            ["aud"] = new JsonArray("fleet"),
            ["sub"] = "tech",
            ["client_id"] = "tech",
            ["jti"] = "1",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(20).ToUnixTimeSeconds(),
            ["roles"] = new JsonArray("technician"),
            ["tenants"] = new JsonArray("acme"),
        },
        text => key.SignData(text, HashAlgorithmName.SHA256));

    public ForgedToken With(Action<ForgedToken> change)
    {
        change(this);
        return this;
    }

    public override string ToString()
    {
        var signed = $"{Encode(Header)}.{Encode(Payload)}";
        return $"{signed}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
