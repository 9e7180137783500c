using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.EventStore;
using Fleet.Identity.Tests.Enrolments;
using Fleet.Identity.Tests.OAuth;
using Fleet.Identity.Tests.SignIn;
using Fleet.Testing;

namespace Fleet.Identity.Tests.Tenants;

/// <summary>A customer on its way to another region: by no address, whether it names the customer or not, is anything of it written; and whoever proves to be one of its own is told where it goes.</summary>
public class MovingTenantTests : PeopleFixture
{
    private const string Tenant = "mover", Stays = "stayer";

    private HttpClient _admin = null!;

    [OneTimeSetUp]
    public async Task Customers()
    {
        foreach (var tenant in new[] { Tenant, Stays })
        {
            (await Dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = tenant, name = tenant })).EnsureSuccessStatusCode();
            (await Dealer.PostAsJsonAsync($"/api/v1/tenants/{tenant}/sites", new { siteId = "hq", name = "HQ", timeZone = "Etc/UTC" })).EnsureSuccessStatusCode();
        }
        await PersonAsync("admin@mover.example", "customer-admin", tenantId: Tenant);
        _admin = With(await TokensAsync("admin@mover.example"));
    }

    [OneTimeTearDown]
    public void Leave() => _admin.Dispose();

    [Test]
    public async Task A_code_that_was_approved_before_is_redeemed_when_it_has_moved_or_stays()
    {
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        Assert.That((await EnrolmentFixture.ApproveAsync(_admin, asked.Text("user_code"), Tenant)).Status, Is.EqualTo(201));
        await UnchangedAsync(async () => Assert.That(await AnsweredAsync(agent.RedeemAsync(asked.Text("device_code"))), Is.EqualTo((503, "temporarily_unavailable"))));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Status, Is.EqualTo(200), "the twin: the same code, once it is open again");
    }

    [Test]
    public async Task An_agent_is_not_signed_out_halfway()
    {
        using var agent = new TestAgent(Running);
        var tokens = await agent.EnrolAsync(_admin, tenant: Tenant);
        Task<OAuthReply> SignOutAsync() => agent.SendAsync("/oauth/revoke", null, ("client_id", "fleet-agent"), ("token", tokens.Text("refresh_token")));
        await UnchangedAsync(async () =>
        {
            Assert.That(await AnsweredAsync(SignOutAsync()), Is.EqualTo((503, "temporarily_unavailable")));
            Assert.That(await AnsweredAsync(agent.RenewAsync(tokens.Text("refresh_token"))), Is.EqualTo((503, "temporarily_unavailable")));
        });
        Assert.That((await SignOutAsync()).Status, Is.EqualTo(200));
        Assert.That(await AnsweredAsync(agent.RenewAsync(tokens.Text("refresh_token"))), Is.EqualTo((400, "invalid_grant")), "the twin: open, it was signed out");
    }

    [TestCase("approve"), TestCase("deny")]
    public async Task Its_providers_people_decide_nothing_for_it_at_the_device_page(string decision)
    {
        await PersonAsync($"{decision}@dealer.example", "technician");
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        using var browser = Browser();
        await SignInAsync(browser, $"{decision}@dealer.example");
        await browser.OpenAsync($"/device?user_code={asked.Text("user_code")}&tenant={Tenant}");
        await UnchangedAsync(() => browser.SendAsync("/device", ("site", "hq"), ("decision", decision)));
        Assert.That(browser.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(browser.Text, Does.Contain("is being moved to region"));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("authorization_pending"));
        await browser.OpenAsync($"/device?user_code={asked.Text("user_code")}&tenant={Stays}");
        await browser.SendAsync("/device", ("site", "hq"), ("decision", decision));
        Assert.That(browser.Status, Is.EqualTo(HttpStatusCode.OK), "the twin: for another customer they do");
    }

    [Test]
    public async Task Who_knows_the_password_is_told_where_it_goes_and_who_does_not_is_told_what_everybody_is()
    {
        await PersonAsync("told@mover.example", "customer-viewer", _admin);
        using var browser = Browser();
        await UnchangedAsync(async () =>
        {
            await SignInAsync(browser, "told@mover.example", "four words that are not it");
            Assert.That(browser.Status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(browser.Text, Does.Not.Contain("region"));
            await SignInAsync(browser, "told@mover.example");
            Assert.That(browser.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(browser.Text, Does.Contain("is being moved to region"));
        });
        await SignInAsync(browser, "told@mover.example");
        Assert.That(browser.Status, Is.EqualTo(HttpStatusCode.RedirectMethod), "the twin: open again, it lets in");
    }

    [Test]
    public async Task A_persons_refresh_token_waits_and_is_good_again()
    {
        await PersonAsync("waits@mover.example", "customer-viewer", _admin);
        var tokens = await TokensAsync("waits@mover.example");
        await UnchangedAsync(async () =>
        {
            var (status, body) = await RenewAsync(Text(tokens, "refresh_token"));
            Assert.That((status, Text(body, "error")), Is.EqualTo((503, "temporarily_unavailable")));
            (status, body) = await RenewAsync($"{Text(tokens, "refresh_token")![..^4]}AAAA");
            Assert.That((status, Text(body, "error")), Is.EqualTo((400, "invalid_grant")), "who has no good one is told nothing");
        });
        Assert.That((await RenewAsync(Text(tokens, "refresh_token"))).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Addresses_that_name_no_tenant_take_no_writes_from_its_people_and_of_it_from_its_provider()
    {
        var viewer = await PersonAsync("viewer@mover.example", "customer-viewer", _admin);
        await UnchangedAsync(async () =>
        {
            foreach (var (path, body) in new (string, object)[]
                     {
                         ("/api/v1/people", new { name = "N", email = "n@mover.example", role = "customer-viewer" }), ($"/api/v1/people/{viewer}/role", new { role = "customer-admin" }),
                         ($"/api/v1/people/{viewer}/disable", new { }), ("/api/v1/me/password", new { current = Password, @new = "another four words of mine" }), ("/api/v1/me/sessions/revoke", new { }),
                     })
                Assert.That(await ProblemAsync(_admin.PostAsJsonAsync(path, body)), Is.EqualTo((503, "tenant-moving", "us")), path);
            Assert.That((await _admin.GetAsync("/api/v1/people")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "it can be read until it has left");
            Assert.That((await InviteAsync(Dealer, "f@mover.example", "customer-admin", Tenant)).Status, Is.EqualTo(404), "nor by a token from before it was a customer");
            using var dealer = await Running.AsAsync("dealer");
            Assert.That(await ProblemAsync(dealer.PostAsJsonAsync("/api/v1/people", new { name = "F", email = "f@mover.example", role = "customer-admin", tenantId = Tenant })), Is.EqualTo((503, "tenant-moving", "us")));
            Assert.That((await InviteAsync(Dealer, "first@stayer.example", "customer-admin", Stays)).Status, Is.EqualTo(201), "the twin: for its other customers a provider works on");
        });
        Assert.That((await _admin.PostAsJsonAsync($"/api/v1/people/{viewer}/disable", new { })).IsSuccessStatusCode, Is.True, "the twin: open again, it is done");
    }

    [Test]
    public async Task Once_it_has_left_a_token_from_before_is_told_where_it_is_by_any_address()
    {
        await MarkAsync(left: true);
        try
        {
            foreach (var path in new[] { "/api/v1/people", "/api/v1/me", "/api/v1/tenants", $"/api/v1/tenants/{Tenant}/sites" })
                Assert.That(await ProblemAsync(_admin.GetAsync(path)), Is.EqualTo((410, "tenant-left", "us")), path);
        }
        finally
        {
            await ForgetAsync();
        }
        Assert.That((await _admin.GetAsync("/api/v1/people")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "the twin");
    }

    [Test]
    public async Task Its_agents_connections_are_closed_and_no_others()
    {
        using var agent = new TestAgent(Running);
        using var other = new TestAgent(Running);
        using var dealer = await Running.AsAsync("dealer");
        await using var own = await BrokerLogin.ByAsync((await agent.EnrolAsync(dealer, tenant: Tenant)).Text("access_token"));
        await using var others = await BrokerLogin.ByAsync((await other.EnrolAsync(dealer, tenant: Stays)).Text("access_token"));
        await MarkAsync();
        try
        {
            await Eventually.IsTrueAsync("the agent's connection to end", () => Task.FromResult(!own.IsOpen), TimeSpan.FromSeconds(60));
            Assert.That(own.CloseReason!.ReplyText, Does.Contain("being moved to another region"));
            Assert.That(others.IsOpen, Is.True, "the twin");
        }
        finally
        {
            await ForgetAsync();
        }
    }

    // While it is closed nothing of it changes, whatever is tried.
    private async Task UnchangedAsync(Func<Task> tried)
    {
        await MarkAsync();
        try
        {
            var before = await EventsOfItAsync();
            await tried();
            Assert.That(await EventsOfItAsync(), Is.EqualTo(before), "events of the tenant");
        }
        finally
        {
            await ForgetAsync();
        }
    }

    private async Task<long> EventsOfItAsync()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(Running.Service.Place.DatabaseOf("identity").Owner);
        await using var command = source.CreateCommand($"select count(*) from identity.mt_events where tenant_id = '{Tenant}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private Task MarkAsync(bool left = false)
    {
        var now = Running.Service.Clock.GetUtcNow();
        return WriteAsync(session => Departures.WriteAsync(session.Connection, new(Tenant, "us", now, left ? now : null, left ? "a statement" : null)));
    }

    private Task ForgetAsync() => WriteAsync(session => Departures.ForgetAsync(session.Connection, Tenant));

    private async Task WriteAsync(Func<BatchSession, Task> write)
    {
        await using var session = Running.Service.Store(Identity.Module).BatchSession();
        await session.BeginAsync();
        await write(session);
        await session.SaveChangesAsync();
    }

    private static async Task<(int, string?)> AnsweredAsync(Task<OAuthReply> asked) => (await asked) is var reply ? (reply.Status, reply.Error) : default;

    private static async Task<(int, string?, string?)> ProblemAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)answer.StatusCode, Text(problem, "type")?.Split('/')[^1], Text(problem, "region"));
    }
}
