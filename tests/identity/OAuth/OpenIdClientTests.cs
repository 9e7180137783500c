using System.Text.Json;
using Fleet.Testing;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>The npm package openid-client (certified by the OpenID Foundation) finds the issuer by its metadata and completes client credentials.</summary>
public class OpenIdClientTests
{
    private RunningIdentity _identity = null!;
    private NodeFolder _node = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _node = await NodeFolder.InstallAsync("openid-client");
        _identity = await StartAsync(Client("acme-admin", "customer-admin", tenant: "acme"));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _node?.Dispose();
        if (_identity is not null)
            await _identity.DisposeAsync();
    }

    [Test]
    public async Task It_gets_a_token([Values("oidc", "oauth2")] string discovery, [Values("basic", "post")] string method)
    {
        var answer = await AskAsync(Secret, method, discovery, "read-fleet");
        Assert.That((answer.GetProperty("token_type").GetString(), answer.GetProperty("scope").GetString()), Is.EqualTo(("bearer", "read-fleet")));
        Assert.That(answer.GetProperty("expires_in").GetInt32(), Is.EqualTo(1200));
        Assert.That(answer.GetProperty("access_token").GetString()!.Split('.'), Has.Length.EqualTo(3));
    }

    [TestCase("wrong", "", "OAUTH_WWW_AUTHENTICATE_CHALLENGE", 401)] // its word for a 401 with the header RFC 6749 §5.2 asks for
    [TestCase(Secret, "run-billing", "invalid_scope", 400)]
    public async Task It_understands_our_refusals(string secret, string scope, string error, int status)
    {
        var answer = await AskAsync(secret, "basic", "oidc", scope);
        Assert.That((answer.GetProperty("error").GetString(), answer.GetProperty("status").GetInt32()), Is.EqualTo((error, status)), answer.ToString());
    }

    private async Task<JsonElement> AskAsync(string secret, string method, string discovery, string scope) =>
        JsonDocument.Parse(await _node.RunAsync("node", "token.mjs", _identity.Issuer, "acme-admin", secret, method, discovery, scope)).RootElement;
}
