using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fleet.Identity.SignIn;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>A code of an authenticator beside the password.</summary>
public class SecondFactorTests : PeopleFixture
{
    [Test]
    public async Task Set_up_on_the_page_a_code_is_asked_for_is_good_once_and_a_recovery_code_stands_in()
    {
        await PersonAsync("totp@dealer.example");
        using var browser = Browser();
        await SignInAsync(browser, "totp@dealer.example");
        await browser.FollowAsync();
        await browser.SendAsync("/account/second-factor", ("password", Password));
        Assert.That(browser.Text, Does.Contain("<svg").And.Contain("QR code"));
        var secret = FromBase32(Regex.Match(browser.Text, "<code>([A-Z2-7]+)</code>").Groups[1].Value);
        await browser.SendAsync("/account/second-factor/confirm", ("code", "000000"));
        Assert.That((int)browser.Status, Is.EqualTo(400), "one in some hundred thousand fails here by chance");
        await browser.SendAsync("/account/second-factor/confirm", ("code", Code(secret)));
        var recovery = Regex.Match(browser.Text, "<pre>(.*?)</pre>", RegexOptions.Singleline).Groups[1].Value.Split('\n');
        Assert.That(recovery, Has.Length.EqualTo(10));

        using var next = Browser();
        await SignInAsync(next, "totp@dealer.example");
        Assert.That(next.Text, Does.Contain("Code of your authenticator"), "the password alone opens nothing");
        Assert.That((await Browser().OpenAsync("/account")).Location, Does.StartWith("/account/signin"));
        await next.SendAsync("/account/code", ("code", Code(secret)));
        Assert.That((int)next.Status, Is.EqualTo(401), "it was shown at the set-up");
        Running.Service.Clock.Advance(TimeSpan.FromSeconds(30));
        var code = Code(secret);
        await next.SendAsync("/account/code", ("code", code));
        Assert.That((int)next.Status, Is.EqualTo(303));

        using var thief = Browser();
        await SignInAsync(thief, "totp@dealer.example");
        await thief.SendAsync("/account/code", ("code", code));
        Assert.That((int)thief.Status, Is.EqualTo(401), "over the shoulder");
        await thief.SendAsync("/account/code", ("code", recovery[3].ToLowerInvariant()));
        Assert.That((int)thief.Status, Is.EqualTo(303));
        using var again = Browser();
        await SignInAsync(again, "totp@dealer.example");
        await again.SendAsync("/account/code", ("code", recovery[3]));
        Assert.That((int)again.Status, Is.EqualTo(401), "a recovery code is good once");
    }

    [Test]
    public async Task By_the_API_it_takes_the_password_and_who_manages_the_person_can_remove_it()
    {
        var id = await PersonAsync("api@dealer.example");
        using var me = With(await TokensAsync("api@dealer.example"));
        using var wrong = await me.PostAsJsonAsync("/api/v1/me/second-factor", new { password = "something else entirely" });
        Assert.That((int)wrong.StatusCode, Is.EqualTo(403));
        using var offered = await me.PostAsJsonAsync("/api/v1/me/second-factor", new { password = Password });
        var offer = await offered.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(Text(offer, "address"), Does.StartWith("otpauth://totp/Fleet:api%40dealer.example?secret="));
        using var confirmed = await me.PostAsJsonAsync("/api/v1/me/second-factor/confirm", new { setup = Text(offer, "setup"), code = Code(FromBase32(Text(offer, "secret")!)) });
        Assert.That((int)confirmed.StatusCode, Is.EqualTo(200), await confirmed.Content.ReadAsStringAsync());
        Assert.That((await me.GetFromJsonAsync<JsonElement>("/api/v1/me")).GetProperty("secondFactor").GetBoolean(), Is.True);
        (await Dealer.PostAsync($"/api/v1/people/{id}/second-factor/remove", null)).EnsureSuccessStatusCode();
        using var browser = Browser();
        Assert.That((int)(await SignInAsync(browser, "api@dealer.example")).Status, Is.EqualTo(303));
    }

    [Test]
    public async Task Two_who_show_one_code_at_the_same_moment_are_one()
    {
        await PersonAsync("both@dealer.example");
        using var me = With(await TokensAsync("both@dealer.example"));
        var offer = await (await me.PostAsJsonAsync("/api/v1/me/second-factor", new { password = Password })).Content.ReadFromJsonAsync<JsonElement>();
        var secret = FromBase32(Text(offer, "secret")!);
        (await me.PostAsJsonAsync("/api/v1/me/second-factor/confirm", new { setup = Text(offer, "setup"), code = Code(secret) })).EnsureSuccessStatusCode();
        Running.Service.Clock.Advance(TimeSpan.FromSeconds(30));
        var browsers = Enumerable.Range(0, 4).Select(_ => Browser()).ToList();
        foreach (var browser in browsers)
            await SignInAsync(browser, "both@dealer.example");
        var code = Code(secret);
        await Task.WhenAll(browsers.Select(browser => browser.SendAsync("/account/code", ("code", code))));
        Assert.That(browsers.Count(browser => (int)browser.Status == 303), Is.EqualTo(1));
        browsers.ForEach(browser => browser.Dispose());
    }

    [Test]
    public async Task Codes_are_not_guessed()
    {
        await PersonAsync("guess@dealer.example");
        using var me = With(await TokensAsync("guess@dealer.example"));
        var offer = await (await me.PostAsJsonAsync("/api/v1/me/second-factor", new { password = Password })).Content.ReadFromJsonAsync<JsonElement>();
        (await me.PostAsJsonAsync("/api/v1/me/second-factor/confirm", new { setup = Text(offer, "setup"), code = Code(FromBase32(Text(offer, "secret")!)) })).EnsureSuccessStatusCode();
        using var browser = Browser();
        await SignInAsync(browser, "guess@dealer.example");
        for (var i = 0; i < 5; i++)
            await browser.SendAsync("/account/code", ("code", "12345"));
        await browser.SendAsync("/account/code", ("code", "12345"));
        Assert.That((int)browser.Status, Is.EqualTo(429));
        Running.Service.Clock.Advance(TimeSpan.FromMinutes(6));
        await browser.SendAsync("/account/code", ("code", Code(FromBase32(Text(offer, "secret")!))));
        Assert.That(browser.Text, Does.Contain("took too long"), "the password has to be shown again");
    }

    [Test]
    public async Task A_right_password_makes_up_for_no_wrong_code()
    {
        await PersonAsync("halfway@dealer.example");
        using var me = With(await TokensAsync("halfway@dealer.example"));
        var offer = await (await me.PostAsJsonAsync("/api/v1/me/second-factor", new { password = Password })).Content.ReadFromJsonAsync<JsonElement>();
        (await me.PostAsJsonAsync("/api/v1/me/second-factor/confirm", new { setup = Text(offer, "setup"), code = Code(FromBase32(Text(offer, "secret")!)) })).EnsureSuccessStatusCode();
        using var browser = Browser();
        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            Assert.That((int)(await SignInAsync(browser, "halfway@dealer.example")).Status, Is.EqualTo(200), "the password is right, and a code is asked for");
            await browser.SendAsync("/account/code", ("code", "12345"));
            statuses.Add((int)browser.Status);
        }
        Assert.That(statuses, Is.EqualTo(new[] { 401, 401, 401, 401, 401, 429 }));
    }

    private string Code(byte[] secret) => Totp.Code(secret, Running.Service.Clock.GetUtcNow().ToUnixTimeSeconds() / 30, 6);

    private static byte[] FromBase32(string text) =>
        [.. text.Select(c => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal)).SelectMany(five => Enumerable.Range(0, 5).Select(bit => (five >> (4 - bit)) & 1)).Chunk(8).Where(eight => eight.Length == 8).Select(eight => (byte)eight.Aggregate(0, (sum, bit) => (sum << 1) | bit))];
}
