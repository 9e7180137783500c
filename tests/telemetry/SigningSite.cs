using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Tests;

/// <summary>An agent that was enrolled: its batches are chained and signed as the contract says (decision 0003).</summary>
internal sealed class SigningSite : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _previous = new('0', 64);

    public Site Site { get; } = new();

    public AgentEnrolled Enrolled
    {
        get
        {
            var q = _key.ExportParameters(includePrivateParameters: false).Q;
            var (x, y) = (Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y));
            var jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
            return new(Site.Tenant, Site.Name, Site.Agent, Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(jwk))), x, y, Samples.Noon);
        }
    }

    public AgentRevoked RevokedAt(DateTimeOffset at) => new(Site.Tenant, Site.Name, Site.Agent, Enrolled.KeyId, "by-hand", at);

    /// <summary>The next batch of the chain.</summary>
    public EdgeDelivery SendsAt(DateTimeOffset at, params object[] data) => Sends([.. data.Select(d => (d, at))]);

    /// <inheritdoc cref="SendsAt"/>
    public EdgeDelivery Sends(params (object Data, DateTimeOffset At)[] events)
    {
        var delivery = Signs(Site.Sends(events) with { Previous = _previous });
        _previous = Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span));
        return delivery;
    }

    /// <summary>The same delivery under a signature of this key over what it says.</summary>
    public EdgeDelivery Signs(EdgeDelivery delivery) => delivery with
    {
        KeyId = Enrolled.KeyId,
        Signature = Base64Url.EncodeToString(_key.SignData(
            BatchStatement.Of(delivery.Agent!, delivery.Sequence!.Value, delivery.Previous!, delivery.Body).Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)),
    };

    public void Dispose() => _key.Dispose();
}
