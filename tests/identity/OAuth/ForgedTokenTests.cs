using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>The API believes identity's tokens and nobody else's. The twin of every forgery is the same token without the forgery.</summary>
public class ForgedTokenTests
{
    private RunningIdentity _identity = null!;
    private ECDsa _key = null!;
    private string _keyId = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _identity = await RunningIdentity.StartAsync();
        var broker = (await SharedServers.StartedAsync()).Broker;
        _key = ECDsa.Create();
        _key.ImportFromPem(await File.ReadAllTextAsync(broker.SigningKeyFile));
        _keyId = broker.KeyId;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _identity.DisposeAsync();
        _key.Dispose();
    }

    [Test]
    public async Task A_good_token_is_believed() => Assert.That(await AnswerAsync(Good()), Is.EqualTo(HttpStatusCode.OK));

    [Test]
    public async Task No_token_is_not_believed()
    {
        using var http = _identity.Http;
        using var answer = await http.GetAsync("/api/v1/tenants");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(answer.Headers.WwwAuthenticate.Single().Scheme, Is.EqualTo("Bearer"));
    }

    [Test]
    public Task Unsigned() => RefusedAsync(Good().With(t => t.Header["alg"] = "none") with { Sign = _ => [] });

    [Test]
    public Task Signed_as_a_shared_secret_with_the_public_key_in_PEM() =>
        RefusedAsync(Good().With(t => t.Header["alg"] = "HS256") with { Sign = text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), text) });

    [Test]
    public Task Signed_as_a_shared_secret_with_the_public_key_in_DER() =>
        RefusedAsync(Good().With(t => t.Header["alg"] = "HS256") with { Sign = text => HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), text) });

    [Test]
    public async Task Signed_with_another_key_under_our_key_id()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RefusedAsync(Good() with { Sign = text => foreign.SignData(text, HashAlgorithmName.SHA256) });
    }

    [Test]
    public async Task Signed_with_a_key_the_token_brings_along()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = foreign.ExportParameters(false).Q;
        await RefusedAsync(Good().With(t => t.Header["jwk"] = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = System.Buffers.Text.Base64Url.EncodeToString(point.X),
            ["y"] = System.Buffers.Text.Base64Url.EncodeToString(point.Y),
        }) with
        { Sign = text => foreign.SignData(text, HashAlgorithmName.SHA256) });
    }

    [Test]
    public Task For_another_audience() => RefusedAsync(Good().With(t => t.Payload["aud"] = new JsonArray("rabbitmq")));

    [Test]
    public Task From_another_issuer() => RefusedAsync(Good().With(t => t.Payload["iss"] = "https://elsewhere.example"));

    [Test]
    public Task Expired() => RefusedAsync(Good().With(t => t.Payload["exp"] = TestClock.Real.GetUtcNow().AddMinutes(-1).ToUnixTimeSeconds()));

    [Test]
    public Task Without_an_end() => RefusedAsync(Good().With(t => t.Payload.Remove("exp")));

    [Test]
    public Task Of_another_type() => RefusedAsync(Good().With(t => t.Header["typ"] = "JWT"));

    [Test]
    public async Task Changed_after_it_was_signed()
    {
        var good = Good().ToString().Split('.');
        var changed = Good().With(t => t.Payload["tenants"] = new JsonArray("globex")).ToString().Split('.');
        await RefusedAsync($"{good[0]}.{changed[1]}.{good[2]}");
    }

    private ForgedToken Good() => ForgedToken.Good(_key, _keyId, _identity.Issuer, TestClock.Real.GetUtcNow());

    private Task RefusedAsync(ForgedToken token) => RefusedAsync(token.ToString());

    private async Task RefusedAsync(string token) => Assert.That(await AnswerAsync(token), Is.EqualTo(HttpStatusCode.Unauthorized));

    private Task<HttpStatusCode> AnswerAsync(ForgedToken token) => AnswerAsync(token.ToString());

    private async Task<HttpStatusCode> AnswerAsync(string token)
    {
        using var http = _identity.Service.With(token);
        using var answer = await http.GetAsync("/api/v1/tenants");
        return answer.StatusCode;
    }
}
