using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Testing;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>The npm package openid-client (certified by the OpenID Foundation) finds the issuer by its metadata and completes client credentials and the device flow.</summary>
public class OpenIdClientTests
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private RunningIdentity _identity = null!;
    private NodeFolder _node = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _node = await NodeFolder.InstallAsync("openid-client");
        _identity = await StartAsync(Client("acme-admin", "customer-admin", tenant: "acme"), Client("dealer", "provider-admin", provider: "demo-dealer"),
            new { clientId = "signer", role = "integrator", provider = "demo-dealer", jwks = new { keys = new[] { Jwk(_key, isPrivate: false) } } });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _node?.Dispose();
        if (_identity is not null)
            await _identity.DisposeAsync();
        _key.Dispose();
    }

    [Test]
    public async Task It_gets_a_token([Values("oidc", "oauth2")] string discovery, [Values("basic", "post")] string method)
    {
        var answer = await AskAsync(Secret, method, discovery, "read-fleet");
        Assert.That((answer.GetProperty("token_type").GetString(), answer.GetProperty("scope").GetString()), Is.EqualTo(("bearer", "read-fleet")));
        Assert.That(answer.GetProperty("expires_in").GetInt32(), Is.EqualTo(1200));
        Assert.That(answer.GetProperty("access_token").GetString()!.Split('.'), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task It_signs_instead_of_showing_a_secret([Values("oidc", "oauth2")] string discovery)
    {
        using var strangers = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (answer, stranger) = (await SignAsync(_key), await SignAsync(strangers));
        Assert.That(answer.GetProperty("scope").GetString(), Does.Contain("read-fleet"));
        Assert.That(stranger.GetProperty("status").GetInt32(), Is.EqualTo(401), stranger.ToString());

        async Task<JsonElement> SignAsync(ECDsa key) => JsonDocument.Parse(
            await _node.RunAsync("node", "token.mjs", _identity.Issuer, "signer", JsonSerializer.Serialize(Jwk(key, isPrivate: true)), "key", discovery, "read-fleet")).RootElement;
    }

    [TestCase("wrong", "", "OAUTH_WWW_AUTHENTICATE_CHALLENGE", 401)] // its word for a 401 with the header RFC 6749 §5.2 asks for
    [TestCase(Secret, "run-billing", "invalid_scope", 400)]
    public async Task It_understands_our_refusals(string secret, string scope, string error, int status)
    {
        var answer = await AskAsync(secret, "basic", "oidc", scope);
        Assert.That((answer.GetProperty("error").GetString(), answer.GetProperty("status").GetInt32()), Is.EqualTo((error, status)), answer.ToString());
    }

    [Test]
    public async Task It_completes_the_device_flow_with_a_proof_of_its_key_renews_and_signs_out()
    {
        using var dealer = await _identity.AsAsync("dealer");
        (await dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "acme", name = "Acme" })).EnsureSuccessStatusCode();
        (await dealer.PostAsJsonAsync("/api/v1/tenants/acme/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
        using var boss = await _identity.AsAsync("acme-admin");
        var came = await _node.RunAsync("node", async line =>
        {
            var code = JsonDocument.Parse(line).RootElement;
            using var approved = await boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments", new { userCode = Text(code, "userCode"), site = "hq", keyId = Text(code, "keyId") });
            Assert.That((int)approved.StatusCode, Is.EqualTo(201), await approved.Content.ReadAsStringAsync());
        }, "device.mjs", _identity.Issuer);
        var answer = JsonDocument.Parse(came).RootElement;
        Assert.That((Text(answer, "agent"), Text(answer, "type"), Text(answer, "stranger"), Text(answer, "revoked")), Is.EqualTo(("acme-hq", "bearer", "invalid_grant", "invalid_grant")), came);
        Assert.That(answer.GetProperty("renewed").GetBoolean(), Is.True);
    }

    private static Dictionary<string, string> Jwk(ECDsa key, bool isPrivate)
    {
        var parameters = key.ExportParameters(isPrivate);
        var jwk = new Dictionary<string, string>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["kid"] = "one",
            ["x"] = Base64Url.EncodeToString(parameters.Q.X),
            ["y"] = Base64Url.EncodeToString(parameters.Q.Y),
        };
        if (isPrivate)
            jwk["d"] = Base64Url.EncodeToString(parameters.D);
        else
            jwk["use"] = "sig";
        return jwk;
    }

    private static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) ? value.GetString() : null;

    private async Task<JsonElement> AskAsync(string secret, string method, string discovery, string scope) =>
        JsonDocument.Parse(await _node.RunAsync("node", "token.mjs", _identity.Issuer, "acme-admin", secret, method, discovery, scope)).RootElement;
}
