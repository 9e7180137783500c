using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Signing;

namespace Fleet.Agent.Enrolling;

/// <summary>A proof that the agent holds its key, for one request (RFC 9449 §4.2).</summary>
internal static class Proof
{
    public const string Header = "DPoP";

    /// <param name="address">Of the endpoint, without query.</param>
    /// <param name="id">Random bytes: no proof is shown twice.</param>
    public static string Of(AgentKey key, string method, Uri address, DateTimeOffset at, byte[] id)
    {
        var head = Encode($$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{key.Jwk}}}""");
        var body = Encode(JsonSerializer.Serialize(new { htm = method, htu = address.GetLeftPart(UriPartial.Path), iat = at.ToUnixTimeSeconds(), jti = Base64Url.EncodeToString(id) }));
        return $"{head}.{body}.{key.Sign(Encoding.ASCII.GetBytes($"{head}.{body}"))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
