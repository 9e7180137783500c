using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Identity.Tests.SignIn;

namespace Fleet.Identity.Tests.People;

/// <summary>Inviting, listing, changing, disabling and erasing people.</summary>
public class PeopleRouteTests : PeopleFixture
{
    [Test]
    public async Task A_provider_invites_a_customers_first_administrator_and_from_then_on_the_customer_does()
    {
        (await Dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "umbrella", name = "Umbrella" })).EnsureSuccessStatusCode();
        var boss = await PersonAsync("boss@umbrella.example", "customer-admin", tenantId: "umbrella");
        var (status, second) = await InviteAsync(Dealer, "second@umbrella.example", "customer-admin", "umbrella");
        Assert.That((status, Text(second, "type")), Is.EqualTo((409, "https://fleet.example/problems/customer-has-admin")));
        using var bossHttp = With(await TokensAsync("boss@umbrella.example"));
        Assert.That((await InviteAsync(bossHttp, "second@umbrella.example", "customer-admin")).Status, Is.EqualTo(201));
        Assert.That((await InviteAsync(bossHttp, "tech@umbrella.example", "technician")).Status, Is.EqualTo(400));
        Assert.That((await InviteAsync(bossHttp, "viewer@umbrella.example", "customer-viewer", "acme")).Status, Is.EqualTo(404));
        Assert.That(await ListAsync(bossHttp), Has.Exactly(2).Items);
        Assert.That((await ListAsync(Dealer)).Select(one => Text(one, "personId")), Has.None.EqualTo(boss), "a provider does not see a customer's people");
        using var disable = await Dealer.PostAsync($"/api/v1/people/{boss}/disable", null);
        Assert.That((int)disable.StatusCode, Is.EqualTo(404), "nor touch them");
    }

    [Test]
    public async Task An_invitation_that_got_lost_is_replaced_and_the_first_link_is_void()
    {
        var (_, first) = await InviteAsync(Dealer, "lost@dealer.example", "viewer");
        var (status, second) = await InviteAsync(Dealer, "lost@dealer.example", "viewer");
        Assert.That((status, Text(second, "personId")), Is.EqualTo((201, Text(first, "personId"))));
        Assert.That(await AcceptAsync(TokenOf(first)), Is.EqualTo(404));
        Assert.That(await AcceptAsync(TokenOf(second)), Is.EqualTo(204));
        Assert.That(await AcceptAsync(TokenOf(second)), Is.EqualTo(404), "once");
        var (taken, body) = await InviteAsync(Dealer, "LOST@dealer.example", "viewer");
        Assert.That((taken, Text(body, "type")), Is.EqualTo((409, "https://fleet.example/problems/address-taken")));
        using var other = await Running.AsAsync("other-dealer");
        var (elsewhere, same) = await InviteAsync(other, "lost@dealer.example", "viewer");
        Assert.That((elsewhere, Text(same, "detail")), Is.EqualTo((409, Text(body, "detail"))), "in the same words");
    }

    [Test]
    public async Task An_invitation_ends_after_a_week_and_takes_no_weak_password()
    {
        var (_, invited) = await InviteAsync(Dealer, "week@dealer.example", "viewer");
        Assert.That(await AcceptAsync(TokenOf(invited), "short"), Is.EqualTo(400));
        Assert.That(await AcceptAsync(TokenOf(invited)[..^2] + "xx"), Is.EqualTo(404));
        Running.Service.Clock.Advance(TimeSpan.FromDays(7));
        Assert.That(await AcceptAsync(TokenOf(invited)), Is.EqualTo(404));
    }

    [TestCase("billing", "/api/v1/people")]
    [TestCase("technician", "/api/v1/people")]
    [TestCase("viewer", "/api/v1/people")]
    public async Task Only_administrators_manage_people(string role, string path)
    {
        await PersonAsync($"only-{role}@dealer.example", role);
        using var http = With(await TokensAsync($"only-{role}@dealer.example"));
        using var list = await http.GetAsync(path);
        Assert.That(((int)list.StatusCode, (await InviteAsync(http, "x@dealer.example", "viewer")).Status), Is.EqualTo((403, 403)));
    }

    [Test]
    public async Task A_viewer_reads_and_an_operator_sees_no_customer()
    {
        await PersonAsync("reader@dealer.example", "viewer");
        using var viewer = With(await TokensAsync("reader@dealer.example"));
        using var read = await viewer.GetAsync("/api/v1/tenants");
        using var write = await viewer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "nope", name = "Nope" });
        Assert.That(((int)read.StatusCode, (int)write.StatusCode), Is.EqualTo((200, 403)));

        using var bootstrap = await Running.AsAsync("operator");
        await PersonAsync("operator@fleet.example", "platform-operator", bootstrap);
        using var person = With(await TokensAsync("operator@fleet.example"));
        using var tenants = await person.GetAsync("/api/v1/tenants");
        Assert.That((int)tenants.StatusCode, Is.EqualTo(403));
        Assert.That(await ListAsync(person), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Another_role_ends_sessions_and_refresh_tokens_at_once()
    {
        var id = await PersonAsync("role@dealer.example", "technician");
        using var browser = Browser();
        await SignInAsync(browser, "role@dealer.example");
        var refresh = Text(await TokensAsync("role@dealer.example"), "refresh_token");
        Assert.That(await PostAsync(Dealer, $"{id}/role", new { role = "customer-admin" }), Is.EqualTo(400));
        Assert.That((await RenewAsync(refresh)).Status, Is.EqualTo(200), "the twin: nothing has changed");
        refresh = Text(await TokensAsync("role@dealer.example"), "refresh_token");
        Assert.That(await PostAsync(Dealer, $"{id}/role", new { role = "billing" }), Is.EqualTo(204));
        Assert.That((await RenewAsync(refresh)).Status, Is.EqualTo(400));
        Assert.That((await browser.OpenAsync("/account")).Location, Does.StartWith("/account/signin"));
        Assert.That(Text(await TokensAsync("role@dealer.example"), "scope"), Does.Contain("run-billing").And.Not.Contain("act-on-alerts"));
    }

    [Test]
    public async Task Who_is_disabled_is_out_at_once_until_invited_again()
    {
        var id = await PersonAsync("off@dealer.example", "technician");
        var tokens = await TokensAsync("off@dealer.example");
        Assert.That(await PostAsync(Dealer, $"{id}/disable", null), Is.EqualTo(204));
        Assert.That((await RenewAsync(Text(tokens, "refresh_token"))).Status, Is.EqualTo(400));
        using var me = With(tokens);
        using var own = await me.GetAsync("/api/v1/me");
        Assert.That((int)own.StatusCode, Is.EqualTo(403), "the access token has minutes left, and does nothing to the account");
        using var browser = Browser();
        Assert.That((int)(await SignInAsync(browser, "off@dealer.example")).Status, Is.EqualTo(401));
        using var again = await Dealer.PostAsync($"/api/v1/people/{id}/invitation", null);
        Assert.That(await AcceptAsync(TokenOf(await again.Content.ReadFromJsonAsync<JsonElement>())), Is.EqualTo(204));
        Assert.That((int)(await SignInAsync(browser, "off@dealer.example")).Status, Is.EqualTo(303));
    }

    [Test]
    public async Task Nobody_does_it_to_himself_or_to_anothers_people()
    {
        var id = await PersonAsync("self@dealer.example");
        using var self = With(await TokensAsync("self@dealer.example"));
        using var other = await Running.AsAsync("other-dealer");
        foreach (var what in new[] { "disable", "erase", "invitation", "role" })
        {
            Assert.That(await PostAsync(self, $"{id}/{what}", what == "role" ? new { role = "viewer" } : null), Is.EqualTo(409), what);
            Assert.That(await PostAsync(other, $"{id}/{what}", what == "role" ? new { role = "viewer" } : null), Is.EqualTo(404), what);
        }
    }

    [Test]
    public async Task The_list_pages_and_says_names_to_who_may_see_them()
    {
        for (var i = 0; i < 3; i++)
            await InviteAsync(Dealer, $"paged{i}@dealer.example", "viewer", name: $"Paged {i}");
        var (seen, cursor) = (new List<string?>(), (string?)null);
        do
        {
            var page = await Dealer.GetFromJsonAsync<JsonElement>($"/api/v1/people?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(one => Text(one, "email")));
            cursor = Text(page, "next");
        }
        while (cursor is not null);
        Assert.That(seen, Is.Unique.And.SupersetOf(new[] { "paged0@dealer.example", "paged1@dealer.example", "paged2@dealer.example" }));
    }

    [Test]
    public async Task Me_is_who_is_signed_in_and_no_program()
    {
        var id = await PersonAsync("me@dealer.example", "billing");
        using var me = With(await TokensAsync("me@dealer.example"));
        var said = await me.GetFromJsonAsync<JsonElement>("/api/v1/me");
        Assert.That((Text(said, "personId"), Text(said, "name"), Text(said, "email"), Text(said, "role"), Text(said, "provider")), Is.EqualTo((id, "Anna Muster", "me@dealer.example", "billing", "demo-dealer")));
        using var program = await Dealer.GetAsync("/api/v1/me");
        using var nobody = await Running.Http.GetAsync("/api/v1/me");
        Assert.That(((int)program.StatusCode, (int)nobody.StatusCode), Is.EqualTo((404, 401)));
    }

    [Test]
    public async Task Sessions_are_listed_and_ended_one_or_all()
    {
        await PersonAsync("sessions@dealer.example", "viewer");
        var (one, two) = (await TokensAsync("sessions@dealer.example"), await TokensAsync("sessions@dealer.example"));
        using var me = With(one);
        var listed = (await me.GetFromJsonAsync<JsonElement>("/api/v1/me/sessions")).GetProperty("items").EnumerateArray().ToList();
        Assert.That(listed, Has.Count.EqualTo(2));
        var (mine, other) = (listed.Single(session => session.GetProperty("isThis").GetBoolean()), listed.Single(session => !session.GetProperty("isThis").GetBoolean()));
        Assert.That(mine.GetProperty("clients")[0].GetString(), Is.EqualTo(Portal));
        (await me.PostAsync($"/api/v1/me/sessions/{Text(other, "sessionId")}/revoke", null)).EnsureSuccessStatusCode();
        Assert.That((await RenewAsync(Text(two, "refresh_token"))).Status, Is.EqualTo(400));
        var (status, renewed) = await RenewAsync(Text(one, "refresh_token"));
        Assert.That(status, Is.EqualTo(200), "the twin");
        (await me.PostAsync("/api/v1/me/sessions/revoke", null)).EnsureSuccessStatusCode();
        Assert.That((await RenewAsync(Text(renewed, "refresh_token"))).Status, Is.EqualTo(400));
    }

    private async Task<int> AcceptAsync(string invitation, string password = Password)
    {
        using var http = Running.Http;
        using var answer = await http.PostAsJsonAsync("/api/v1/invitations/accept", new { invitation, password });
        return (int)answer.StatusCode;
    }

    private static async Task<int> PostAsync(HttpClient by, string path, object? body)
    {
        using var answer = body is null ? await by.PostAsync($"/api/v1/people/{path}", null) : await by.PostAsJsonAsync($"/api/v1/people/{path}", body);
        return (int)answer.StatusCode;
    }

    private static async Task<List<JsonElement>> ListAsync(HttpClient by) => [.. (await by.GetFromJsonAsync<JsonElement>("/api/v1/people?limit=1000")).GetProperty("items").EnumerateArray()];
}
