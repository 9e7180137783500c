using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>Another issuer in place of our own sign-in: a second identity, whose people come to the first.</summary>
public class OtherIssuerTests : PeopleFixture
{
    private RunningIdentity _ours = null!;
    private HttpClient _dealer = null!;

    [OneTimeSetUp]
    public async Task StartOurs()
    {
        // Running is the other issuer; _ours sends people there.
        _ours = await StartAsync(
            [("FLEET_OIDC_AUTHORITY", Running.Issuer), ("FLEET_OIDC_CLIENT_ID", "fleet-ours")],
            Client("dealer", "provider-admin", provider: "demo-dealer"), Public(Portal, Back));
        _dealer = await _ours.AsAsync("dealer");
    }

    [OneTimeTearDown]
    public async Task StopOurs()
    {
        _dealer?.Dispose();
        if (_ours is not null)
            await _ours.DisposeAsync();
    }

    [Test]
    public async Task Who_is_invited_comes_from_there_and_gets_tokens_from_here()
    {
        await PersonAsync("anna@there.example");
        var (_, invited) = await InviteAsync(_dealer, "Anna@There.example", "technician");
        var (ours, theirs) = (new TestBrowser(_ours.Issuer), Browser());
        var trip = Trip.New();
        await ours.OpenAsync(trip.Address);
        await ours.FollowAsync();
        Assert.That(ours.Location, Does.StartWith($"{Running.Issuer}/oauth/authorize?").And.Contain("code_challenge_method=S256").And.Contain("nonce="));
        var callback = await AtTheOtherAsync(theirs, ours.Location!, "anna@there.example");
        await ours.OpenAsync(callback);
        Assert.That(ours.Location, Does.StartWith("/oauth/authorize?"), ours.Text);
        await ours.FollowAsync();
        var code = HttpUtility.ParseQueryString(new Uri(ours.Location!).Query)["code"]!;
        using var http = _ours.Http;
        using var answer = await http.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Portal,
            ["redirect_uri"] = Back,
            ["code"] = code,
            ["code_verifier"] = trip.Verifier,
        }));
        var tokens = await answer.Content.ReadFromJsonAsync<JsonElement>();
        using var anna = _ours.Service.With(Text(tokens, "access_token"));
        var me = await anna.GetFromJsonAsync<JsonElement>("/api/v1/me");
        Assert.That((Text(me, "personId"), Text(me, "role"), me.GetProperty("signsInElsewhere").GetBoolean()), Is.EqualTo((Text(invited, "personId"), "technician", true)));

        using var again = await ours.OpenAsync(callback);
        Assert.That((int)ours.Status, Is.EqualTo(400), "an answer is good once");
        using var factor = await anna.PostAsJsonAsync("/api/v1/me/second-factor", new { password = Password });
        Assert.That((int)factor.StatusCode, Is.EqualTo(409), "what else is asked for is theirs to ask");
    }

    [Test]
    public async Task Who_is_not_invited_does_not_enter_and_who_is_disabled_neither()
    {
        await PersonAsync("stranger@there.example");
        Assert.That((await EnterAsync("stranger@there.example")).Status, Is.EqualTo(403));
        await PersonAsync("gone@there.example");
        var (_, invited) = await InviteAsync(_dealer, "gone@there.example", "viewer");
        Assert.That((await EnterAsync("gone@there.example")).Status, Is.EqualTo(303), "the twin");
        (await _dealer.PostAsync($"/api/v1/people/{Text(invited, "personId")}/disable", null)).EnsureSuccessStatusCode();
        Assert.That((await EnterAsync("gone@there.example")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Who_takes_over_an_address_there_does_not_take_over_the_person_here()
    {
        var first = await PersonAsync("taken@there.example");
        await InviteAsync(_dealer, "taken@there.example", "viewer");
        Assert.That((await EnterAsync("taken@there.example")).Status, Is.EqualTo(303));
        (await Dealer.PostAsync($"/api/v1/people/{first}/erase", null)).EnsureSuccessStatusCode();
        await PersonAsync("taken@there.example");
        Assert.That((await EnterAsync("taken@there.example")).Status, Is.EqualTo(403), "another subject under the same address");
    }

    [TestCase("victim", 400, Description = "begun in another browser")]
    [TestCase("state", 400)]
    [TestCase("iss", 400, Description = "mix-up: another issuer's answer")]
    [TestCase("no iss", 400, Description = "an issuer that always says its name must say it")]
    [TestCase("code", 403)]
    [TestCase("", 303, Description = "the twin")]
    public async Task An_answer_that_was_not_asked_for_here_signs_nobody_in(string wrong, int status)
    {
        var email = $"csrf-{wrong.Replace(' ', '-')}@there.example";
        await PersonAsync(email);
        await InviteAsync(_dealer, email, "viewer");
        using var browser = new TestBrowser(_ours.Issuer);
        await browser.OpenAsync("/account/signin");
        using var theirs = Browser();
        var callback = await AtTheOtherAsync(theirs, browser.Location!, email);
        using var victim = new TestBrowser(_ours.Issuer);
        await victim.OpenAsync("/account/signin");
        var opened = wrong switch
        {
            "victim" => await victim.OpenAsync(callback),
            "state" => await browser.OpenAsync(With(callback, "state", "made-up")),
            "iss" => await browser.OpenAsync(With(callback, "iss", "https://evil.example")),
            "no iss" => await browser.OpenAsync(With(callback, "iss", null)),
            "code" => await browser.OpenAsync(With(callback, "code", "made-up")),
            _ => await browser.OpenAsync(callback),
        };
        Assert.That((int)opened.Status, Is.EqualTo(status));
    }

    [Test]
    public async Task There_is_no_password_here_any_more()
    {
        var (_, invited) = await InviteAsync(_dealer, "password@there.example", "viewer");
        using var http = _ours.Http;
        using var accepted = await http.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation = TokenOf(invited), password = Password });
        using var posted = await http.PostAsync("/account/signin", new FormUrlEncodedContent([]));
        Assert.That(((int)accepted.StatusCode, (int)posted.StatusCode), Is.EqualTo((409, 405)));
    }

    private async Task<(int Status, string Text)> EnterAsync(string email)
    {
        using var ours = new TestBrowser(_ours.Issuer);
        await ours.OpenAsync("/account/signin");
        using var theirs = Browser();
        await ours.OpenAsync(await AtTheOtherAsync(theirs, ours.Location!, email));
        return ((int)ours.Status, ours.Text);
    }

    // Two hosts that differ by their port only share cookies; two browsers keep them apart.
    private static async Task<string> AtTheOtherAsync(TestBrowser theirs, string address, string email)
    {
        await theirs.OpenAsync(address);
        await theirs.FollowAsync();
        await SignInAsync(theirs, email);
        await theirs.FollowAsync();
        return theirs.Location!;
    }

    private static string With(string address, string name, string? value)
    {
        var query = HttpUtility.ParseQueryString(new Uri(address).Query);
        if (value is null)
            query.Remove(name);
        else
            query[name] = value;
        return $"{new Uri(address).GetLeftPart(UriPartial.Path)}?{query}";
    }
}
