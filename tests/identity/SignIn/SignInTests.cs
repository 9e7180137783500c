using System.Diagnostics;
using System.Net.Http.Json;
using Fleet.Identity.SignIn;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>The sign-in pages.</summary>
public class SignInTests : PeopleFixture
{
    [Test]
    public async Task The_same_is_said_to_who_is_unknown_was_invited_only_is_disabled_or_types_wrongly()
    {
        await PersonAsync("known@dealer.example");
        await InviteAsync(Dealer, "invited@dealer.example", "billing");
        var disabled = await PersonAsync("disabled@dealer.example");
        (await Dealer.PostAsync($"/api/v1/people/{disabled}/disable", null)).EnsureSuccessStatusCode();
        var said = new List<(int, string)>();
        foreach (var (email, password) in new[] { ("nobody@dealer.example", Password), ("invited@dealer.example", Password), ("disabled@dealer.example", Password), ("known@dealer.example", "something else entirely"), ("no address", Password) })
        {
            using var browser = Browser();
            await SignInAsync(browser, email, password);
            said.Add(((int)browser.Status, browser.Text.Replace(email, "", StringComparison.Ordinal)[..900]));
        }
        Assert.That(said.Distinct().Count(), Is.EqualTo(1));
        Assert.That(said[0].Item1, Is.EqualTo(401));
        using var right = Browser();
        Assert.That((int)(await SignInAsync(right, "known@dealer.example")).Status, Is.EqualTo(303), "the twin");
    }

    [Test]
    public async Task An_unknown_address_takes_as_long_as_a_wrong_password()
    {
        await PersonAsync("timed@dealer.example");
        using var browser = Browser();
        await SignInAsync(browser, "warm@dealer.example", "up");
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 4; i++)
        {
            known.Add(await TimeAsync(browser, "timed@dealer.example"));
            unknown.Add(await TimeAsync(browser, "nobody-timed@dealer.example"));
        }
        // Without the comparison with nobody's hash the quotient is above 2 even at the few iterations tests run with.
        Assert.That(known.Min() / unknown.Min(), Is.InRange(0.5, 2.0), $"{string.Join(' ', known)} | {string.Join(' ', unknown)}");
    }

    [Test]
    public void Nobodys_password_costs_a_whole_comparison_and_is_never_right()
    {
        var passwords = new Passwords(new ConfigurationBuilder().AddInMemoryCollection([new("FLEET_PASSWORD_ITERATIONS", "400000")]).Build());
        var hash = passwords.Hash(Password);
        var (somebody, nobody) = (Measured(() => passwords.Check(hash, "something else entirely")), Measured(() => passwords.Check(null, "something else entirely")));
        Assert.That(nobody / somebody, Is.InRange(0.5, 2.0));
        Assert.That(passwords.Check(null, "nobody's password, of the usual length").IsRight, Is.False);
        Assert.That(passwords.Check(hash, Password), Is.EqualTo((true, false)));

        static double Measured(Action what) => Enumerable.Range(0, 3).Min(_ =>
        {
            var began = Stopwatch.GetTimestamp();
            what();
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        });
    }

    [Test]
    public async Task A_form_from_elsewhere_signs_nobody_in()
    {
        await PersonAsync("forged@dealer.example");
        using var browser = Browser();
        await browser.PostAsync("/account/signin", new Dictionary<string, string> { ["email"] = "forged@dealer.example", ["password"] = Password });
        Assert.That((int)browser.Status, Is.EqualTo(400));
        await browser.SendAsync("/account/signin", new Dictionary<string, string> { ["Sec-Fetch-Site"] = "cross-site" }, ("email", "forged@dealer.example"), ("password", Password));
        Assert.That((int)browser.Status, Is.EqualTo(400));
        using var other = Browser();
        await other.OpenAsync("/account/signin");
        var token = System.Text.RegularExpressions.Regex.Match(other.Text, "name=\"form\" value=\"([^\"]+)\"").Groups[1].Value;
        await browser.PostAsync("/account/signin", new Dictionary<string, string> { ["form"] = token, ["email"] = "forged@dealer.example", ["password"] = Password });
        Assert.That((int)browser.Status, Is.EqualTo(400), "another browser's form");
        await SignInAsync(browser, "forged@dealer.example");
        Assert.That((int)browser.Status, Is.EqualTo(303), "the twin");
    }

    [TestCase("https://evil.example/")]
    [TestCase("//evil.example/")]
    [TestCase("/\\evil.example")]
    [TestCase("/oauth/authorize/../../evil")]
    [TestCase("/api/v1/me")]
    public async Task Nobody_is_led_away_after_signing_in(string back)
    {
        var email = $"led{Math.Abs(back.GetHashCode(StringComparison.Ordinal))}@dealer.example";
        await PersonAsync(email);
        using var browser = Browser();
        await browser.OpenAsync($"/account/signin?return={Uri.EscapeDataString(back)}");
        await SignInAsync(browser, email);
        Assert.That(browser.Location, Is.EqualTo("/account"));
    }

    [Test]
    public async Task Cookies_are_for_this_origin_and_no_script()
    {
        await PersonAsync("cookie@dealer.example");
        using var browser = Browser();
        await SignInAsync(browser, "cookie@dealer.example");
        var cookies = browser.Answer!.Headers.GetValues("Set-Cookie").ToList();
        Assert.That(cookies, Is.Not.Empty.And.All.Contain("httponly").And.All.Contain("samesite=lax").And.All.Contain("path=/"));
        Assert.That(cookies, Has.None.Contains("secure"), "over http://127.0.0.1; what https adds, see BrowserTests");
    }

    [Test]
    public async Task A_page_shows_a_name_as_it_is_and_runs_nothing_of_it()
    {
        var (_, invited) = await InviteAsync(Dealer, "script@dealer.example", "billing", name: "<script>alert(1)</script>\"");
        using var browser = Browser();
        await browser.OpenAsync($"/account/invitation?token={TokenOf(invited)}");
        Assert.That(browser.Text, Does.Contain("&lt;script&gt;").And.Not.Contain("<script"));
    }

    [Test]
    public async Task An_invitation_page_sets_a_password_and_the_account_page_signs_out()
    {
        var (_, invited) = await InviteAsync(Dealer, "page@dealer.example", "billing", name: "Paul Page");
        using var browser = Browser();
        await browser.OpenAsync($"/account/invitation?token={TokenOf(invited)}");
        Assert.That(browser.Text, Does.Contain("Welcome, Paul Page").And.Contain("page@dealer.example"));
        await browser.SendAsync("/account/invitation", ("password", Password), ("again", "another one than that"));
        Assert.That(browser.Text, Does.Contain("The two passwords differ"));
        await browser.SendAsync("/account/invitation", ("password", "password1234"), ("again", "password1234"));
        Assert.That(browser.Text, Does.Contain("tried first"));
        await browser.SendAsync("/account/invitation", ("password", Password), ("again", Password));
        Assert.That((int)browser.Status, Is.EqualTo(303));
        await browser.FollowAsync();
        await SignInAsync(browser, "page@dealer.example");
        await browser.FollowAsync();
        Assert.That(browser.Text, Does.Contain("Paul Page").And.Contain("this browser"));
        await browser.SendAsync("/account/signout");
        await browser.OpenAsync("/account");
        Assert.That(browser.Location, Does.StartWith("/account/signin"));
        await browser.OpenAsync($"/account/invitation?token={TokenOf(invited)}");
        Assert.That((int)browser.Status, Is.EqualTo(404), "used");
    }

    [Test]
    public async Task A_new_password_ends_the_other_sessions_and_the_old_one_opens_nothing()
    {
        await PersonAsync("change@dealer.example");
        using var elsewhere = Browser();
        await SignInAsync(elsewhere, "change@dealer.example");
        var refresh = Text(await TokensAsync("change@dealer.example"), "refresh_token");
        using var browser = Browser();
        await SignInAsync(browser, "change@dealer.example");
        await browser.FollowAsync();
        await browser.SendAsync("/account/password", ("current", "not that one at all"), ("new", "another four words please"));
        Assert.That((int)browser.Status, Is.EqualTo(403));
        await browser.SendAsync("/account/password", ("current", Password), ("new", "another four words please"));
        Assert.That(browser.Text, Does.Contain("Your password is changed"));
        Assert.That((await RenewAsync(refresh)).Status, Is.EqualTo(400));
        Assert.That((await elsewhere.OpenAsync("/account")).Location, Does.StartWith("/account/signin"));
        Assert.That((int)(await browser.OpenAsync("/account")).Status, Is.EqualTo(200), "this one stays");
        using var old = Browser();
        Assert.That((int)(await SignInAsync(old, "change@dealer.example")).Status, Is.EqualTo(401));
        Assert.That((int)(await SignInAsync(old, "change@dealer.example", "another four words please")).Status, Is.EqualTo(303));
    }

    [Test]
    public async Task A_session_ends_half_an_hour_after_its_last_use_and_twelve_hours_after_its_begin()
    {
        await PersonAsync("idle@dealer.example");
        using var browser = Browser();
        await SignInAsync(browser, "idle@dealer.example");
        for (var used = TimeSpan.Zero; used < TimeSpan.FromHours(11.5); used += TimeSpan.FromMinutes(25))
        {
            Running.Service.Clock.Advance(TimeSpan.FromMinutes(25));
            Assert.That((int)(await browser.OpenAsync("/account")).Status, Is.EqualTo(200), $"{used}");
        }
        Running.Service.Clock.Advance(TimeSpan.FromMinutes(25));
        Assert.That((int)(await browser.OpenAsync("/account")).Status, Is.EqualTo(303), "twelve hours");
        await SignInAsync(browser, "idle@dealer.example");
        Running.Service.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.That((int)(await browser.OpenAsync("/account")).Status, Is.EqualTo(303), "half an hour");
    }

    private static async Task<double> TimeAsync(TestBrowser browser, string email)
    {
        await browser.OpenAsync("/account/signin");
        var began = Stopwatch.GetTimestamp();
        await SignInAsync(browser, email, "something else entirely");
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
