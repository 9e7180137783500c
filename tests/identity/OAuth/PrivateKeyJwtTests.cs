using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Identity.Proofs;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>A client that signs instead of showing a secret (RFC 7523), and each way to misuse what it signed.</summary>
public class PrivateKeyJwtTests
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256), _next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private RunningIdentity _identity = null!;
    private int _ids;

    [OneTimeSetUp]
    public async Task Start() => _identity = await StartAsync(
        new { clientId = "signer", role = "integrator", provider = "demo-dealer", jwks = new { keys = new[] { Jwk(_key, "one"), Jwk(_next, "two") } } },
        Client("keeper", "integrator", provider: "demo-dealer"));

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _identity.DisposeAsync();
        _key.Dispose();
        _next.Dispose();
    }

    [Test]
    public async Task It_gets_a_token_by_either_of_its_keys()
    {
        Assert.That(await AskAsync(Signed()), Is.EqualTo("token"));
        Assert.That(await AskAsync(Signed(key: _next, head: head => head["kid"] = "two")), Is.EqualTo("token"), "one key follows the other, and both hold meanwhile");
        Assert.That(await AskAsync(Signed(), ("client_id", "signer")), Is.EqualTo("token"));
    }

    [Test]
    public async Task An_assertion_is_shown_once()
    {
        var assertion = Signed();
        Assert.That((await AskAsync(assertion), await AskAsync(assertion)), Is.EqualTo(("token", "invalid_client")));
    }

    private static IEnumerable<TestCaseData> Misuses()
    {
        TestCaseData Of(string name, Action<JsonObject>? head = null, Action<JsonObject>? body = null) => new TestCaseData(head, body).SetArgDisplayNames(name);
        yield return Of("for the token endpoint: another issuer could have asked for that one", body: body => body["aud"] = $"{body["aud"]}/oauth/token");
        yield return Of("for us and somebody else", body: body => body["aud"] = new JsonArray(body["aud"]!.DeepClone(), "https://other.example"));
        yield return Of("for somebody else", body: body => body["aud"] = "https://other.example");
        yield return Of("for nobody", body: body => body.Remove("aud"));
        yield return Of("by somebody else", body: body => body["iss"] = "keeper");
        yield return Of("of somebody else", body: body => body["sub"] = "keeper");
        yield return Of("over", body: body => body["exp"] = (long)body["exp"]! - 600);
        yield return Of("good for an hour", body: body => body["exp"] = (long)body["exp"]! + 3600);
        yield return Of("good for ever", body: body => body.Remove("exp"));
        yield return Of("not yet good", body: body => body["nbf"] = (long)body["exp"]!);
        yield return Of("without an id", body: body => body.Remove("jti"));
        yield return Of("signed by nobody", head: head => head["alg"] = "none");
        yield return Of("by a shared secret, it says", head: head => head["alg"] = "HS256");
        yield return Of("by another key than it says", head: head => head["kid"] = "two");
        yield return Of("an access token", head: head => head["typ"] = "at+jwt");
        yield return Of("a proof of possession", head: head => head["typ"] = "dpop+jwt");
    }

    [TestCaseSource(nameof(Misuses))]
    public async Task A_misused_assertion_is_refused(Action<JsonObject>? head, Action<JsonObject>? body)
    {
        Assert.That(await AskAsync(Signed(head, body)), Is.EqualTo("invalid_client"));
        Assert.That(await AskAsync(Signed()), Is.EqualTo("token"), "the twin: the same without the misuse, and nobody is locked out");
    }

    [Test]
    public async Task A_stranger_with_a_key_of_his_own_is_not_the_client()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(await AskAsync(Signed(key: stranger)), Is.EqualTo("invalid_client"));
    }

    [Test]
    public async Task Nobody_authenticates_twice_or_the_other_way()
    {
        Assert.That(await AskAsync(Signed(), ("client_secret", Secret)), Is.EqualTo("invalid_request"));
        Assert.That(await AskAsync(Signed(), ("client_id", "keeper")), Is.EqualTo("invalid_request"));
        Assert.That(await AskAsync(Signed(), ("client_assertion_type", "jwt")), Is.EqualTo("invalid_request"), "the field is there twice");
        Assert.That(await AskAsync("not a token"), Is.EqualTo("invalid_client"));
        using var bySecret = await _identity.AskAsync("signer");
        Assert.That((int)bySecret.StatusCode, Is.EqualTo(401), "it has none");
        Assert.That(await AskAsync(Signed(body: body => (body["iss"], body["sub"]) = ("keeper", "keeper"))), Is.EqualTo("invalid_client"), "that one has no key");
    }

    private async Task<string> AskAsync(string assertion, params (string Name, string Value)[] more)
    {
        using var http = _identity.Http;
        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials"), new("client_assertion_type", CheckAssertion.Type), new("client_assertion", assertion) };
        using var answer = await http.PostAsync("/oauth/token", new FormUrlEncodedContent([.. form, .. more.Select(field => KeyValuePair.Create(field.Name, field.Value))]));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return body.TryGetProperty("access_token", out _) ? "token" : body.GetProperty("error").GetString()!;
    }

    private string Signed(Action<JsonObject>? head = null, Action<JsonObject>? body = null, ECDsa? key = null)
    {
        var now = _identity.Service.Clock.GetUtcNow().ToUnixTimeSeconds();
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = "one" };
        var claims = new JsonObject { ["iss"] = "signer", ["sub"] = "signer", ["aud"] = _identity.Issuer, ["exp"] = now + 60, ["jti"] = $"{Interlocked.Increment(ref _ids)}" };
        head?.Invoke(header);
        body?.Invoke(claims);
        var text = $"{Encode(header)}.{Encode(claims)}";
        return $"{text}.{Base64Url.EncodeToString((key ?? _key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static object Jwk(ECDsa key, string id)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new { kty = "EC", use = "sig", alg = "ES256", crv = "P-256", kid = id, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
    }
}
