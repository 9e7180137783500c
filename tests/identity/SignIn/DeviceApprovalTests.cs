using System.Net.Http.Json;
using Fleet.Identity.Tests.Enrolments;

namespace Fleet.Identity.Tests.SignIn;

/// <summary>An agent is let in at the page its QR code leads to, by who is signed in.</summary>
public class DeviceApprovalTests : PeopleFixture
{
    [OneTimeSetUp]
    public async Task Sites()
    {
        (await Dealer.PostAsJsonAsync("/api/v1/tenants/acme/sites", new { siteId = "hq", name = "Headquarters", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
        (await Dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "globex", name = "Globex" })).EnsureSuccessStatusCode();
    }

    [Test]
    public async Task Signed_in_one_sees_the_fingerprint_chooses_the_site_and_lets_it_in()
    {
        await PersonAsync("tech@dealer.example", "technician");
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        using var browser = Browser();
        await browser.OpenAsync($"/device?user_code={asked.Text("user_code")}");
        Assert.That(browser.Text, Does.Not.Contain(agent.Key.Id), "nobody is signed in");
        await browser.OpenAsync($"/account/signin?return={Uri.EscapeDataString($"/device?user_code={asked.Text("user_code")}")}");
        await SignInAsync(browser, "tech@dealer.example");
        await browser.FollowAsync();
        Assert.That(browser.Text, Does.Contain("Which customer").And.Contain("<option>acme</option>"));
        await browser.OpenAsync($"/device?user_code={asked.Text("user_code")}&tenant=acme");
        Assert.That(browser.Text, Does.Contain(agent.Key.Id).And.Contain("Headquarters"));
        await browser.SendAsync("/device", ("site", "hq"), ("decision", "approve"));
        Assert.That(browser.Text, Does.Contain("acme-hq is let in"));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Text("agent"), Is.EqualTo("acme-hq"));
    }

    [Test]
    public async Task Or_turns_it_away()
    {
        await PersonAsync("deny@dealer.example");
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        using var browser = Browser();
        await SignInAsync(browser, "deny@dealer.example");
        await browser.OpenAsync($"/device?user_code={asked.Text("user_code")}&tenant=acme");
        await browser.SendAsync("/device", ("site", "hq"), ("decision", "deny"));
        Assert.That(browser.Text, Does.Contain("turned away"));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("access_denied"));
    }

    [Test]
    public async Task Whose_role_may_not_and_a_form_from_elsewhere_let_nobody_in()
    {
        await PersonAsync("clerk@dealer.example", "billing");
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        using var browser = Browser();
        await SignInAsync(browser, "clerk@dealer.example");
        await browser.OpenAsync($"/device?user_code={asked.Text("user_code")}&tenant=acme");
        Assert.That(browser.Text, Does.Contain("does not let agents in").And.Not.Contain(agent.Key.Id));

        await PersonAsync("careful@dealer.example", "technician");
        using var careful = Browser();
        await SignInAsync(careful, "careful@dealer.example");
        var form = new Dictionary<string, string> { ["user_code"] = asked.Text("user_code"), ["tenant"] = "acme", ["site"] = "hq", ["key"] = agent.Key.Id, ["decision"] = "approve" };
        await careful.PostAsync("/device", form);
        Assert.That((int)careful.Status, Is.EqualTo(303), "back to the page, with nothing done");
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("authorization_pending"));
        await careful.OpenAsync($"/device?user_code={asked.Text("user_code")}&tenant=acme");
        await careful.SendAsync("/device", ("site", "hq"), ("decision", "approve"), ("key", "another fingerprint"));
        Assert.That((int)careful.Status, Is.EqualTo(409), "another agent than was looked at");
    }

    [Test]
    public async Task Anothers_customer_is_nobodys()
    {
        using var other = await Running.AsAsync("other-dealer");
        await PersonAsync("stranger@other.example", by: other);
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        using var browser = Browser();
        await SignInAsync(browser, "stranger@other.example");
        await browser.OpenAsync($"/device?user_code={asked.Text("user_code")}&tenant=acme");
        Assert.That(browser.Text, Does.Contain("You have no customers").And.Not.Contain("Headquarters"));
    }
}
