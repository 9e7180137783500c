using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.Identity.SignIn;
using Fleet.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>What another issuer says is believed only when all of it holds: an issuer of the test's own says it wrongly in every way.</summary>
public class IdTokenCheckTests
{
    private static readonly Trip Trip = new("state", "nonce-1", new string('v', 43), "/account", DateTimeOffset.MaxValue);

    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256), _stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private WebApplication _app = null!;
    private OtherIssuer _other = null!;
    private string _issuer = "", _idToken = "";
    private int _status = 200;
    private IReadOnlyList<string> _keys = [];

    [OneTimeSetUp]
    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = _issuer, authorization_endpoint = $"{_issuer}/authorize", token_endpoint = $"{_issuer}/token", jwks_uri = $"{_issuer}/jwks" }));
        _app.MapGet("/jwks", () => Results.Text($$"""{"keys":[{{string.Join(',', _keys)}}]}""", "application/json"));
        _app.MapPost("/token", () => Results.Json(new { access_token = "x", token_type = "Bearer", id_token = _idToken }, statusCode: _status));
        await _app.StartAsync();
        _issuer = _app.Urls.First();
        _keys = [Published(_ecdsa, "k1")];
        _other = OtherIssuer.Open(new ConfigurationBuilder().AddInMemoryCollection([new("FLEET_OIDC_AUTHORITY", _issuer), new("FLEET_OIDC_CLIENT_ID", "fleet"), new("FLEET_ISSUER", "https://fleet.example")]).Build(), TestClock.Real)!;
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _other?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        _ecdsa.Dispose();
        _stranger.Dispose();
    }

    [TestCase("nothing", true)]
    [TestCase("issuer", false)]
    [TestCase("audience", false)]
    [TestCase("two audiences", false, Description = "and no azp that says it is ours")]
    [TestCase("nonce", false)]
    [TestCase("no nonce", false)]
    [TestCase("expired", false)]
    [TestCase("no expiry", false)]
    [TestCase("signature", false)]
    [TestCase("unsigned", false)]
    [TestCase("no subject", false)]
    [TestCase("refused", false)]
    public async Task An_ID_token_holds_in_every_part_or_is_worth_nothing(string wrong, bool holds)
    {
        _status = wrong == "refused" ? 400 : 200;
        _idToken = Token(wrong);
        var (who, reason) = await _other.RedeemAsync("code", Trip, default);
        Assert.That((who?.Subject, who?.Email), Is.EqualTo(holds ? ("anna", "anna@there.example") : ((string?)null, null)), reason);
    }

    [TestCase(true, "anna@there.example")]
    [TestCase("true", "anna@there.example")]
    [TestCase(false, null)]
    [TestCase("false", null, Description = "some say it in a text")]
    public async Task An_address_the_issuer_has_not_checked_is_none(object verified, string? email)
    {
        _status = 200;
        _idToken = Token("nothing", verified);
        Assert.That((await _other.RedeemAsync("code", Trip, default)).Who?.Email, Is.EqualTo(email));
    }

    private string Token(string wrong, object? verified = null)
    {
        var now = TestClock.Real.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = wrong == "issuer" ? "https://evil.example" : _issuer,
            ["aud"] = wrong switch { "audience" => "another", "two audiences" => new[] { "fleet", "another" }, _ => "fleet" },
            ["email"] = "anna@there.example",
            ["iat"] = now.ToUnixTimeSeconds(),
        };
        if (wrong != "no subject")
            claims["sub"] = "anna";
        if (wrong != "no nonce")
            claims["nonce"] = wrong == "nonce" ? "another" : Trip.Nonce;
        if (wrong != "no expiry")
            claims["exp"] = (now + TimeSpan.FromMinutes(wrong == "expired" ? -5 : 5)).ToUnixTimeSeconds();
        if (verified is not null)
            claims["email_verified"] = verified;
        var key = new ECDsaSecurityKey(wrong == "signature" ? _stranger : _ecdsa) { KeyId = "k1" };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            SigningCredentials = wrong == "unsigned" ? null : new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    private static string Published(ECDsa key, string id)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        return System.Text.Json.JsonSerializer.Serialize(new PublicKey("EC", "sig", "ES256", "P-256", id, Base64UrlEncoder.Encode(q.X), Base64UrlEncoder.Encode(q.Y)));
    }
}
