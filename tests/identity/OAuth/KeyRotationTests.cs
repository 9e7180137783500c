using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Defaults;
using Fleet.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>The key changes while tokens of the one before are out and calls come in.</summary>
public class KeyRotationTests
{
    [Test]
    public async Task Nobody_is_turned_away_while_one_key_follows_another()
    {
        await using var identity = await StartAsync(Client("dealer", "provider-admin", provider: "demo-dealer"));
        var first = SigningKey.Open(identity.KeyFile);
        var before = await identity.TokenAsync("dealer");
        Assert.That((KeyIdOf(before), await StatusAsync(identity, before)), Is.EqualTo((first.KeyId, HttpStatusCode.OK)));

        var next = first.Successor(identity.Service.Clock.GetUtcNow() + KeyRing.Ahead);
        identity.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await PublishedAsync(identity), Is.EqualTo(new[] { first.KeyId, next.KeyId }));
        Assert.That(KeyIdOf(await identity.TokenAsync("dealer")), Is.EqualTo(first.KeyId), "it does not sign yet");

        identity.Service.Clock.Advance(KeyRing.Ahead - TimeSpan.FromMinutes(1));
        var after = await identity.TokenAsync("dealer");
        Assert.That(KeyIdOf(after), Is.EqualTo(next.KeyId));
        // This verifier has looked at the keys a moment ago by the clock of its machine, which no test sets forward: it looks again when it meets one it does not know.
        await Eventually.IsAsync("the new key to be known", () => StatusAsync(identity, after), status => status == HttpStatusCode.OK);
        Assert.That(await StatusAsync(identity, before), Is.EqualTo(HttpStatusCode.OK), "the old one's token holds to its end");

        identity.Service.Clock.Advance(KeyRing.Behind);
        Assert.That(await PublishedAsync(identity), Is.EqualTo(new[] { next.KeyId }));
    }

    private static string KeyIdOf(string token) => new JsonWebToken(token).Kid;

    private static async Task<string[]> PublishedAsync(RunningIdentity identity)
    {
        using var http = identity.Http;
        return [.. (await http.GetFromJsonAsync<JsonElement>("/oauth/jwks")).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningIdentity identity, string token)
    {
        using var http = identity.Service.With(token);
        using var answer = await http.GetAsync("/api/v1/tenants");
        return answer.StatusCode;
    }
}
