using System.Security.Cryptography;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Testing;

/// <summary>
/// An issuer for tests: signs access tokens as identity does (RFC 9068, ES256) with the key the test broker trusts too, and publishes it
/// on a loopback port.
/// </summary>
public sealed class TestTokens : IAsyncDisposable
{
    // The default one caches signers by key id for the whole process; ours ends with its test.
    private static readonly CryptoProviderFactory Uncached = new() { CacheSignatureProviders = false };

    private readonly WebApplication _app;
    private readonly ECDsa _key;
    private readonly string _keyId;

    private TestTokens(WebApplication app, ECDsa key, string keyId) => (_app, _key, _keyId) = (app, key, keyId);

    public string Issuer { get; private set; } = "";

    /// <summary>Hears of which tenants a token for others than their own people is given out: <see cref="RunningService"/> then lets them allow everything.</summary>
    internal Action<IReadOnlyList<string>>? Allowing { get; set; }

    /// <param name="keyFile">PKCS#8 PEM of a P-256 key.</param>
    /// <param name="address">Where to publish; a free port by default.</param>
    /// <param name="published">False: tokens are signed, and nobody can look up the key until <see cref="PublishAsync"/>.</param>
    public static async Task<TestTokens> StartAsync(string keyFile, string keyId, string address = "http://127.0.0.1:0", bool published = true)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(keyFile));
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(key));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => new { issuer = app.Urls.Single(), jwks_uri = $"{app.Urls.Single()}/oauth/jwks" });
        app.MapGet("/oauth/jwks", () => new { keys = new[] { new { kty = "EC", use = "sig", alg = "ES256", crv = "P-256", kid = keyId, x = jwk.X, y = jwk.Y } } });
        var tokens = new TestTokens(app, key, keyId) { Issuer = address };
        if (published)
            await tokens.PublishAsync();
        return tokens;
    }

    public async Task PublishAsync()
    {
        await _app.StartAsync();
        Issuer = _app.Urls.Single();
    }

    /// <summary>A token of this role for these tenants; <paramref name="change"/> alters its claims to break it on purpose.</summary>
    /// <param name="allowed">The tenants allow this caller everything, unless they have said otherwise: most tests are about other things. False leaves it to what they said.</param>
    public string For(
        string role, IReadOnlyList<string> tenants, string? provider = null, string? subject = null, Action<Dictionary<string, object>>? change = null, bool allowed = true)
    {
        if (allowed && (provider is not null || !Rights.IsOfCustomer(role)))
            Allowing?.Invoke(tenants);
        return Signed(role, tenants, provider, subject, change);
    }

    private string Signed(string role, IReadOnlyList<string> tenants, string? provider, string? subject, Action<Dictionary<string, object>>? change) =>
        Sign(subject ?? $"{role}-of-{string.Join('-', tenants)}", role, tenants, provider, "fleet", Rights.ScopeOf(role), change);

    /// <summary>An agent's token: its password at the broker.</summary>
    /// <param name="scope">As identity issues it: <c>EdgeAccess.Scope(vhost, tenant, site)</c>.</param>
    public string ForAgent(string agent, string tenant, string scope, string? site = null) =>
        Sign(agent, "agent", [tenant], null, "fleet rabbitmq", scope, claims =>
        {
            if (site is not null)
                claims["site"] = site;
        });

    private string Sign(
        string subject, string role, IReadOnlyList<string> tenants, string? provider, string audiences, string scope, Action<Dictionary<string, object>>? change)
    {
        var now = TestClock.Real.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = audiences.Split(' '),
            ["sub"] = subject,
            ["client_id"] = subject,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(20).ToUnixTimeSeconds(),
            ["jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
            ["roles"] = new[] { role },
            ["tenants"] = tenants.ToArray(),
            ["scope"] = scope,
        };
        if (provider is not null)
            claims["provider"] = provider;
        if (role == Rights.Integrator)
            claims["purposes"] = new[] { Purposes.FleetManagement, Purposes.Billing };
        change?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            TokenType = "at+jwt",
            SigningCredentials = new(new ECDsaSecurityKey(_key) { KeyId = _keyId, CryptoProviderFactory = Uncached }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }
}
