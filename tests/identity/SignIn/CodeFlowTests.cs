using System.Text;
using System.Text.Json;
using System.Web;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>Authorization code with PKCE, from the invitation to the API, and what RFC 9700 says must not work.</summary>
public class CodeFlowTests : PeopleFixture
{
    [Test]
    public async Task An_invited_person_chooses_a_password_signs_in_and_uses_the_API()
    {
        var id = await PersonAsync("anna@dealer.example");
        var tokens = await TokensAsync("Anna@Dealer.example"); // addresses are the same in any case
        using var anna = With(tokens);
        Assert.That(await anna.GetStringAsync("/api/v1/tenants"), Does.Contain("acme"));
        Assert.That(await EventsAsync(id), Is.EqualTo(new[] { "Invited", "Accepted", "SignedIn", "Authorized" }));
        Assert.That(Text(tokens, "id_token"), Is.Null, "nobody asked for one");
    }

    [Test]
    public async Task Who_is_signed_in_already_comes_back_at_once_and_prompt_decides()
    {
        await PersonAsync("quick@dealer.example");
        using var browser = Browser();
        await browser.OpenAsync(Trip.New(more: "&prompt=none").Address);
        Assert.That(browser.Location, Does.StartWith(Back).And.Contain("error=login_required"), "nobody is, yet");
        await SignInAsync(browser, "quick@dealer.example");
        await browser.OpenAsync(Trip.New(more: "&prompt=none").Address);
        Assert.That(browser.Location, Does.StartWith(Back).And.Contain("code="));
        await browser.OpenAsync(Trip.New(more: "&prompt=login").Address);
        Assert.That(browser.Location, Does.StartWith("/account/signin"));
        await browser.OpenAsync(Trip.New(more: "&max_age=0&prompt=none").Address);
        Assert.That(browser.Location, Does.Contain("error=login_required"));
    }

    [Test]
    public async Task The_page_asks_whom_the_client_expects_and_lets_its_form_lead_back_to_the_client_only()
    {
        using var browser = Browser();
        await browser.OpenAsync(Trip.New(more: "&login_hint=hint%40dealer.example").Address);
        await browser.FollowAsync();
        Assert.That(browser.Text, Does.Contain("value=\"hint@dealer.example\""));
        Assert.That(browser.Answer!.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("form-action 'self' https://portal.example;").And.Contain("default-src 'none'").And.Contain("frame-ancestors 'none'"));
    }

    [Test]
    public async Task With_openid_there_is_an_ID_token_for_the_client_and_no_API_takes_it()
    {
        var id = await PersonAsync("open@dealer.example");
        var tokens = await TokensAsync("open@dealer.example", "&scope=openid%20email%20read-tenants&nonce=n-1");
        var token = Text(tokens, "id_token")!;
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])).RootElement;
        Assert.That((Text(claims, "iss"), Text(claims, "sub"), Text(claims, "aud"), Text(claims, "nonce"), Text(claims, "email")), Is.EqualTo((Running.Issuer, id, Portal, "n-1", "open@dealer.example")));
        Assert.That((claims.GetProperty("amr")[0].GetString(), claims.TryGetProperty("auth_time", out _), claims.TryGetProperty("name", out _)), Is.EqualTo(("pwd", true, false)));
        Assert.That(Text(tokens, "scope"), Is.EqualTo("read-tenants openid email"));
        using var misused = Running.Service.With(token);
        using var answer = await misused.GetAsync("/api/v1/tenants");
        Assert.That((int)answer.StatusCode, Is.EqualTo(401));
    }

    [Test]
    public async Task A_client_gets_less_than_the_role_has_when_it_asks_for_less_and_never_more()
    {
        await PersonAsync("less@dealer.example", "technician");
        Assert.That(Text(await TokensAsync("less@dealer.example", "&scope=read-fleet%20run-billing"), "scope"), Is.EqualTo("read-fleet"));
        using var browser = Browser();
        await SignInAsync(browser, "less@dealer.example");
        await browser.OpenAsync(Trip.New(more: "&scope=run-billing").Address);
        Assert.That(browser.Location, Does.Contain("error=invalid_scope"));
    }

    [TestCase("client_id", "nobody", null)]
    [TestCase("client_id", "less", null)]
    [TestCase("redirect_uri", "https://evil.example/back", null)]
    [TestCase("redirect_uri", "https://portal.example/back/", null)]
    [TestCase("redirect_uri", "https://portal.example/back?x=1", null)]
    [TestCase("redirect_uri", "https://other.example/back", null, Description = "another client's")]
    [TestCase("redirect_uri", "", null)]
    [TestCase("response_type", "token", "unsupported_response_type")]
    [TestCase("response_type", "", "invalid_request")]
    [TestCase("code_challenge", "", "invalid_request", Description = "PKCE is not a choice")]
    [TestCase("code_challenge", "short", "invalid_request")]
    [TestCase("code_challenge_method", "plain", "invalid_request")]
    [TestCase("code_challenge_method", "", "invalid_request", Description = "which would mean plain")]
    [TestCase("scope", "root", "invalid_scope")]
    [TestCase("request", "eyJ", "request_not_supported")]
    [TestCase("response_mode", "fragment", "invalid_request")]
    [TestCase("prompt", "none login", "invalid_request")]
    public async Task What_is_asked_wrongly_goes_back_to_the_client_or_nowhere(string parameter, string value, string? error)
    {
        var trip = Trip.New();
        var query = HttpUtility.ParseQueryString(trip.Address[trip.Address.IndexOf('?', StringComparison.Ordinal)..]);
        query[parameter] = value;
        using var browser = Browser();
        await browser.OpenAsync($"/oauth/authorize?{query}");
        if (error is null)
            Assert.That(((int)browser.Status, browser.Location), Is.EqualTo((400, (string?)null)), "nobody is sent on to where nobody is known");
        else
            Assert.That(browser.Location, Does.StartWith($"{Back}?error={error}&").And.Contain($"state={trip.State}").And.Contain($"iss={Uri.EscapeDataString(Running.Issuer)}"));
    }

    [Test]
    public async Task A_parameter_twice_is_refused()
    {
        using var browser = Browser();
        await browser.OpenAsync(Trip.New().Address + "&scope=read-fleet&scope=read-tenants");
        Assert.That(browser.Location, Does.StartWith($"{Back}?error=invalid_request"));
        await browser.OpenAsync(Trip.New().Address + $"&redirect_uri={Uri.EscapeDataString(Back)}");
        Assert.That(((int)browser.Status, browser.Location), Is.EqualTo((400, (string?)null)));
    }

    [Test]
    public async Task A_program_on_the_persons_own_machine_takes_whichever_port_is_free()
    {
        await PersonAsync("native@dealer.example");
        var trip = Trip.New(redirect: "http://127.0.0.1:51234/back");
        Assert.That((await RedeemAsync(trip, await CodeAsync(trip, "native@dealer.example"), redirect: "http://127.0.0.1:51234/back")).Status, Is.EqualTo(200));
        using var browser = Browser();
        await browser.OpenAsync(Trip.New(redirect: "http://localhost:51234/back").Address);
        Assert.That((int)browser.Status, Is.EqualTo(400));
    }

    [TestCase("verifier")]
    [TestCase("redirect")]
    [TestCase("client")]
    public async Task A_code_shown_wrongly_gives_nothing_and_is_void(string wrong)
    {
        var email = $"void-{wrong}@dealer.example";
        await PersonAsync(email);
        var trip = Trip.New();
        var code = await CodeAsync(trip, email);
        var (status, body) = wrong switch
        {
            "verifier" => await RedeemAsync(trip, code, verifier: new string('x', 43)),
            "redirect" => await RedeemAsync(trip, code, redirect: "http://127.0.0.1/back"),
            _ => await RedeemAsync(trip, code, client: "other-portal"),
        };
        Assert.That((status, Text(body, "error")), Is.EqualTo((400, "invalid_grant")));
        Assert.That((await RedeemAsync(trip, code)).Status, Is.EqualTo(400), "whoever had it, had it from somebody");
        var again = Trip.New();
        Assert.That((await RedeemAsync(again, await CodeAsync(again, email))).Status, Is.EqualTo(200), "the twin");
    }

    [Test]
    public async Task A_code_without_a_verifier_is_no_code()
    {
        await PersonAsync("bare@dealer.example");
        var trip = Trip.New();
        var code = await CodeAsync(trip, "bare@dealer.example");
        var (status, body) = await PostAsync("/oauth/token", ("grant_type", "authorization_code"), ("client_id", Portal), ("redirect_uri", Back), ("code", code));
        Assert.That((status, Text(body, "error")), Is.EqualTo((400, "invalid_request")));
    }

    [Test]
    public async Task A_code_shown_twice_ends_what_came_of_it()
    {
        var id = await PersonAsync("twice@dealer.example");
        var trip = Trip.New();
        var code = await CodeAsync(trip, "twice@dealer.example");
        var (_, tokens) = await RedeemAsync(trip, code);
        Assert.That((await RedeemAsync(trip, code)).Status, Is.EqualTo(400));
        Assert.That((await RenewAsync(Text(tokens, "refresh_token"))).Status, Is.EqualTo(400));
        Assert.That(await EventsAsync(id), Is.EqualTo(new[] { "Invited", "Accepted", "SignedIn", "Authorized", "GrantEnded" }));
    }

    [Test]
    public async Task Of_many_who_show_a_code_at_once_one_gets_tokens_at_most()
    {
        await PersonAsync("race@dealer.example");
        var trip = Trip.New();
        var code = await CodeAsync(trip, "race@dealer.example");
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RedeemAsync(trip, code)));
        Assert.That(all.Count(one => one.Status == 200), Is.EqualTo(1));
        Assert.That((await RenewAsync(Text(all.Single(one => one.Status == 200).Body, "refresh_token"))).Status, Is.EqualTo(400), "five were replays");
    }

    [Test]
    public async Task A_client_that_asks_again_and_again_holds_ten_lines_at_most()
    {
        await PersonAsync("many@dealer.example");
        using var browser = Browser();
        await SignInAsync(browser, "many@dealer.example");
        var tokens = new List<string?>();
        for (var i = 0; i < 11; i++)
        {
            var trip = Trip.New(more: "&prompt=none");
            await browser.OpenAsync(trip.Address);
            tokens.Add(Text((await RedeemAsync(trip, HttpUtility.ParseQueryString(new Uri(browser.Location!).Query)["code"]!)).Body, "refresh_token"));
        }
        Assert.That(((await RenewAsync(tokens[0])).Status, (await RenewAsync(tokens[1])).Status), Is.EqualTo((400, 200)));
    }

    [Test]
    public async Task A_code_older_than_a_minute_is_void()
    {
        await PersonAsync("late@dealer.example");
        var trip = Trip.New();
        var code = await CodeAsync(trip, "late@dealer.example");
        Running.Service.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.That((await RedeemAsync(trip, code)).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_refresh_token_is_good_once_and_a_second_time_ends_the_line()
    {
        var id = await PersonAsync("replay@dealer.example");
        var first = Text(await TokensAsync("replay@dealer.example"), "refresh_token");
        var (status, second) = await RenewAsync(first);
        Assert.That(status, Is.EqualTo(200), second.ToString());
        Assert.That((await RenewAsync(first)).Status, Is.EqualTo(400), "the old one");
        Assert.That((await RenewAsync(Text(second, "refresh_token"))).Status, Is.EqualTo(400), "and with it the new one");
        Assert.That(await EventsAsync(id), Does.Contain("GrantEnded"));
    }

    [Test]
    public async Task A_refresh_token_is_its_clients_own_and_slides_for_ninety_days()
    {
        await PersonAsync("own@dealer.example");
        var first = Text(await TokensAsync("own@dealer.example"), "refresh_token");
        Assert.That((await RenewAsync(first, "other-portal")).Status, Is.EqualTo(400));
        Assert.That((await PostAsync("/oauth/revoke", ("client_id", "other-portal"), ("token", first!))).Status, Is.EqualTo(200), "says nothing, does nothing");
        Running.Service.Clock.Advance(TimeSpan.FromDays(89));
        var (status, second) = await RenewAsync(first);
        Assert.That(status, Is.EqualTo(200), "the other client harmed nothing");
        Running.Service.Clock.Advance(TimeSpan.FromDays(89));
        var (slid, third) = await RenewAsync(Text(second, "refresh_token"));
        Assert.That(slid, Is.EqualTo(200));
        Running.Service.Clock.Advance(TimeSpan.FromDays(91));
        Assert.That((await RenewAsync(Text(third, "refresh_token"))).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_client_signs_its_person_out()
    {
        await PersonAsync("out@dealer.example");
        var refresh = Text(await TokensAsync("out@dealer.example"), "refresh_token");
        Assert.That((await PostAsync("/oauth/revoke", ("client_id", Portal), ("token", refresh!))).Status, Is.EqualTo(200));
        Assert.That((await RenewAsync(refresh)).Status, Is.EqualTo(400));
    }

    [Test]
    public async Task A_token_in_an_address_opens_nothing_and_a_public_client_has_no_secret()
    {
        await PersonAsync("query@dealer.example");
        var tokens = await TokensAsync("query@dealer.example");
        using var http = Running.Http;
        using var inAddress = await http.GetAsync($"/api/v1/tenants?access_token={Text(tokens, "access_token")}");
        Assert.That((int)inAddress.StatusCode, Is.EqualTo(401));
        using var asked = await http.PostAsync($"/oauth/token?grant_type=refresh_token&client_id={Portal}&refresh_token={Text(tokens, "refresh_token")}", new FormUrlEncodedContent([]));
        Assert.That((int)asked.StatusCode, Is.EqualTo(400));
        var (status, body) = await PostAsync("/oauth/token", ("grant_type", "refresh_token"), ("client_id", Portal), ("client_secret", "x"), ("refresh_token", Text(tokens, "refresh_token")!));
        Assert.That((status, Text(body, "error")), Is.EqualTo((401, "invalid_client")));
        Assert.That((await PostAsync("/oauth/token", ("grant_type", "password"), ("client_id", Portal), ("username", "query@dealer.example"), ("password", Password))).Body.ToString(), Does.Contain("unsupported_grant_type"));
    }
}
