using System.Text.Json;
using Fleet.Testing;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>The npm package openid-client completes code + PKCE and refresh, and finds every misuse of RFC 9700 refused.</summary>
public class OpenIdClientCodeTests : PeopleFixture
{
    [Test]
    public async Task It_signs_a_person_in_renews_and_is_refused_on_each_misuse()
    {
        using var node = await NodeFolder.InstallAsync("openid-client");
        var id = await PersonAsync("node@dealer.example");
        using var browser = Browser();
        var said = await node.TalkAsync("node", async line =>
        {
            if (Text(JsonDocument.Parse(line).RootElement, "open") is not { } address)
                return null;
            await browser.OpenAsync(address);
            if (browser.Location!.StartsWith("/account/signin", StringComparison.Ordinal))
            {
                await browser.FollowAsync();
                await SignInAsync(browser, "node@dealer.example");
                await browser.FollowAsync();
            }
            return browser.Location!;
        }, "code.mjs", Running.Issuer, Portal, Back);
        var answer = JsonDocument.Parse(said).RootElement;
        Assert.That((Text(answer, "sub"), Text(answer, "me"), Text(answer, "email"), Text(answer, "scope")), Is.EqualTo((id, id, "node@dealer.example", "read-tenants openid email")), said);
        Assert.That(answer.GetProperty("renewed").GetBoolean(), Is.True);
        Assert.Multiple(() =>
        {
            foreach (var misuse in new[] { "codeReplay", "afterReplay", "refreshReplay", "family", "wrongVerifier", "revoked" })
                Assert.That(Text(answer, misuse), Is.EqualTo("invalid_grant"), misuse);
            foreach (var misuse in new[] { "plainChallenge", "noChallenge" })
                Assert.That(Text(answer, misuse), Is.EqualTo("invalid_request"), misuse);
            foreach (var misuse in new[] { "mixUp", "otherState" })
                Assert.That(Text(answer, misuse), Is.EqualTo("OAUTH_INVALID_RESPONSE"), misuse + ": the library itself sees it, by what we send");
        });
    }
}
