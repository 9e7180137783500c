using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
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
        var body = Encode(JsonSerializer.Serialize(new ProofClaims(method, address.GetLeftPart(UriPartial.Path), at.ToUnixTimeSeconds(), Base64Url.EncodeToString(id)), ProofJson.Default.ProofClaims));
        return $"{head}.{body}.{key.Sign(Encoding.ASCII.GetBytes($"{head}.{body}"))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

/// <summary>RFC 9449 §4.2.</summary>
internal sealed record ProofClaims(
    [property: JsonPropertyName("htm")] string Method, [property: JsonPropertyName("htu")] string Address, [property: JsonPropertyName("iat")] long At, [property: JsonPropertyName("jti")] string Id);

[JsonSerializable(typeof(ProofClaims))]
internal sealed partial class ProofJson : JsonSerializerContext;
