using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

public class TokenEndpointTests
{
    private RunningIdentity _identity = null!;

    [OneTimeSetUp]
    public async Task Start() => _identity = await StartAsync(
        Client("tech", "technician", provider: "demo-dealer"),
        Client("acme-admin", "customer-admin", tenant: "acme"),
        Client("acme-hq", "agent", tenant: "acme", site: "hq", agent: "acme-hq"),
        Client("guessed", "customer-viewer", tenant: "acme"),
        new { clientId = "gone", secretHash = HashOf(Secret), role = "customer-viewer", tenant = "acme", disabled = true });

    [OneTimeTearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [Test]
    public async Task A_client_gets_a_token_of_RFC_9068()
    {
        using var answer = await _identity.AskAsync("acme-admin");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
            Assert.That(body.GetProperty("token_type").GetString(), Is.EqualTo("Bearer"));
            Assert.That(body.GetProperty("expires_in").GetInt32(), Is.EqualTo(1200));
            Assert.That(body.GetProperty("scope").GetString(), Does.Contain("change-consents"));
        });

        var token = new JsonWebToken(body.GetProperty("access_token").GetString());
        Assert.Multiple(() =>
        {
            Assert.That((token.Typ, token.Alg, token.Kid), Is.EqualTo(("at+jwt", "ES256", SharedServers.StartedAsync().Result.Broker.KeyId)));
            Assert.That((token.Issuer, token.Subject), Is.EqualTo((_identity.Issuer, "acme-admin")));
            Assert.That(token.GetPayloadValue<string>("client_id"), Is.EqualTo("acme-admin"));
            Assert.That(token.Audiences, Is.EqualTo(new[] { "fleet" }));
            Assert.That(token.ValidTo - token.IssuedAt, Is.EqualTo(TimeSpan.FromMinutes(20)));
            Assert.That(token.GetPayloadValue<string[]>("roles"), Is.EqualTo(new[] { "customer-admin" }));
            Assert.That(token.GetPayloadValue<string[]>("tenants"), Is.EqualTo(new[] { "acme" }));
            Assert.That(token.Id, Is.Not.Empty);
        });
    }

    [Test]
    public async Task No_two_tokens_have_the_same_id()
    {
        var tokens = await Task.WhenAll(_identity.TokenAsync("tech"), _identity.TokenAsync("tech"));
        Assert.That(tokens.Select(token => new JsonWebToken(token).Id), Is.Unique);
    }

    [Test]
    public async Task Many_at_once_get_tokens_that_hold()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _identity.TokenAsync("tech")));
        var statuses = await Task.WhenAll(tokens.Select(async token =>
        {
            using var http = _identity.Service.With(token);
            using var answer = await http.GetAsync("/api/v1/tenants");
            return answer.StatusCode;
        }));
        Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task The_secret_may_come_in_a_basic_header()
    {
        using var answer = await PostAsync("grant_type=client_credentials", Basic($"tech:{Uri.EscapeDataString(Secret)}"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("tech", "wrong")]
    [TestCase("nobody", Secret)]
    [TestCase("gone", Secret)]
    public async Task A_wrong_secret_an_unknown_and_a_disabled_client_read_the_same(string client, string secret)
    {
        using var answer = await _identity.AskAsync(client, secret);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answer.Headers.WwwAuthenticate.Single().Scheme, Is.EqualTo("Basic"));
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(
            """{"error":"invalid_client","error_description":"The client is unknown, disabled, or its secret is another."}"""));
    }

    [TestCase("grant_type=password", "Basic dGVjaDp4", 400, "unsupported_grant_type")]
    [TestCase("grant_type=client_credentials", "Basic ???", 401, "invalid_client")]
    [TestCase("grant_type=client_credentials", "Bearer x", 401, "invalid_client")]
    [TestCase("", "Basic dGVjaDp4", 400, "invalid_request")]
    public async Task A_malformed_request_is_refused_in_the_words_of_RFC_6749(string form, string header, int status, string error)
    {
        using var answer = await PostAsync(form, header);
        Assert.That(((int)answer.StatusCode, await ErrorAsync(answer)), Is.EqualTo((status, error)));
    }

    [Test]
    public async Task A_body_that_is_no_form_is_refused()
    {
        using var http = _identity.Http;
        using var answer = await http.PostAsJsonAsync("/oauth/token", new { grant_type = "client_credentials", client_id = "tech", client_secret = Secret });
        Assert.That(((int)answer.StatusCode, await ErrorAsync(answer)), Is.EqualTo((400, "invalid_request")));
    }

    [Test]
    public async Task Who_guesses_waits_and_so_does_the_right_secret_until_the_wait_is_over()
    {
        // Up to the longest wait, so that a slow machine cannot sit it out between two lines of this test.
        for (var i = 0; i < 12; i++)
        {
            _identity.Service.Clock.Advance(TimeSpan.FromMinutes(1));
            (await _identity.AskAsync("guessed", $"guess {i}")).Dispose();
        }

        using (var locked = await _identity.AskAsync("guessed"))
        {
            Assert.That(locked.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(locked.Headers.RetryAfter?.Delta, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        }
        using (var other = await _identity.AskAsync("tech"))
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK), "another client does not wait");
        _identity.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        using var after = await _identity.AskAsync("guessed");
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_token_of_less_scope_does_less()
    {
        using var narrow = await _identity.AsAsync("acme-admin", scope: "read-fleet");
        using var wide = await _identity.AsAsync("acme-admin", scope: "read-fleet read-tenants");
        using var refused = await narrow.GetAsync("/api/v1/tenants");
        using var allowed = await wide.GetAsync("/api/v1/tenants");
        Assert.That((refused.StatusCode, allowed.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.OK)));
    }

    [Test]
    public async Task More_scope_than_the_role_has_is_refused()
    {
        using var answer = await _identity.AskAsync("acme-admin", scope: "run-billing");
        Assert.That(((int)answer.StatusCode, await ErrorAsync(answer)), Is.EqualTo((400, "invalid_scope")));
    }

    [Test]
    public async Task The_metadata_names_what_exists_and_nothing_else()
    {
        using var http = _identity.Http;
        var openId = await http.GetStringAsync("/.well-known/openid-configuration");
        Assert.That(await http.GetStringAsync("/.well-known/oauth-authorization-server"), Is.EqualTo(openId));

        var metadata = JsonDocument.Parse(openId).RootElement;
        Assert.That(metadata.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[]
        {
            "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "grant_types_supported", "token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported", "scopes_supported",
            "device_authorization_endpoint", "revocation_endpoint", "revocation_endpoint_auth_methods_supported", "dpop_signing_alg_values_supported",
            "response_types_supported", "response_modes_supported", "code_challenge_methods_supported", "authorization_response_iss_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported",
            "prompt_values_supported", "subject_types_supported", "id_token_signing_alg_values_supported", "claims_supported",
        }));
        Assert.That(metadata.GetProperty("issuer").GetString(), Is.EqualTo(_identity.Issuer));
        foreach (var endpoint in metadata.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri"))
            using (var answer = await http.GetAsync(endpoint.Value.GetString()))
                Assert.That(answer.StatusCode, Is.Not.EqualTo(HttpStatusCode.NotFound), endpoint.Name);
    }

    [Test]
    public async Task The_published_key_is_public()
    {
        using var http = _identity.Http;
        var key = (await http.GetFromJsonAsync<JsonElement>("/oauth/jwks")).GetProperty("keys").EnumerateArray().Single();
        Assert.That(key.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(new[] { "kty", "use", "alg", "crv", "kid", "x", "y" }));
    }

    private async Task<HttpResponseMessage> PostAsync(string form, string header)
    {
        using var http = _identity.Http;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token")
        {
            Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        request.Headers.TryAddWithoutValidation("Authorization", header);
        return await http.SendAsync(request);
    }

    private static string Basic(string text) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";

    private static async Task<string?> ErrorAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString();
}
