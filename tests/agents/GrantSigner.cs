using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Granting;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agents.Tests;

/// <summary>Signs grants as the consent service does, and wrong ones on purpose.</summary>
internal sealed class GrantSigner : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Keys
    {
        get
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            return $$"""{"keys":[{"kty":"EC","use":"sig","alg":"ES256","crv":"P-256","kid":"k","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""";
        }
    }

    public static EdgeGrant Of(DateTimeOffset from, TimeSpan life, params string[] groups) =>
        new("1-x", "https://fleet.example", "acme-hq", "acme", "hq", ["billing"], groups, from.ToUnixTimeSeconds(), (from + life).ToUnixTimeSeconds());

    public SignedGrant Sign(EdgeGrant grant, string type = EdgeGrant.Type) => new(Compact(JsonSerializer.Serialize(grant), type), Keys);

    public string Compact(string payload, string type = EdgeGrant.Type)
    {
        var text = $"{Encode($$"""{"alg":"ES256","typ":"{{type}}","kid":"k"}""")}.{Encode(payload)}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    public void Dispose() => key.Dispose();

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
