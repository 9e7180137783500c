using System.Net;
using System.Text;
using Fleet.Agent.Page;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Who may see the local page, and who may not: every wall with what gets through it.</summary>
public class AgentPageWallTests
{
    private static readonly PrintersDevice Printer = new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA").Has("1.3.6.1.2.1.43.5.1.1.17.1", "RVP0001").Row(1, 5);

    private PageAgent agent = null!;

    private string Withheld => Path.Combine(agent.Directory, "withheld.json");

    [SetUp]
    public async Task Start() => agent = await PageAgent.StartAsync(Printer);

    [TearDown]
    public async Task Stop() => await agent.DisposeAsync();

    [Test]
    public async Task Without_a_session_nothing_but_the_sign_in_is_shown()
    {
        foreach (var path in new[] { "/", "/devices", "/device", "/sent", "/batch?line=1", "/batch/body?line=1", "/asked", "/consents", "/ranges", "/nonsense" })
            Assert.That(await agent.GetAsync(path, HttpStatusCode.Unauthorized), Does.Contain("Sign in").And.Not.Contain("Devices").And.Not.Contain("acme"), path);
        agent.Cookie = $"fleet-agent-{agent.Config.PagePort}=invented";
        await agent.GetAsync("/", HttpStatusCode.Unauthorized);

        await agent.SignInAsync();
        Assert.That(await agent.GetAsync("/"), Does.Contain("Devices"), "the twin");
    }

    [Test]
    public async Task A_name_that_leads_here_is_not_this_page()
    {
        await agent.SignInAsync();
        foreach (var host in new[] { "evil.example", $"evil.example:{agent.Config.PagePort}", "127.0.0.1", $"127.0.0.1:{agent.Config.PagePort + 1}", $"127.0.0.1.evil.example:{agent.Config.PagePort}", $"[::1]:{agent.Config.PagePort}" })
            Assert.That((await agent.SendAsync(HttpMethod.Get, "/", headers: own => own.Host = host)).StatusCode, Is.EqualTo(HttpStatusCode.MisdirectedRequest), host);
        Assert.That((await agent.SendAsync(HttpMethod.Get, "/", headers: own => own.Host = $"localhost:{agent.Config.PagePort}")).StatusCode, Is.EqualTo(HttpStatusCode.OK), "the twin");
    }

    [Test]
    public async Task A_form_of_another_page_does_nothing()
    {
        await agent.SignInAsync();
        (string, string)[] off = [("group", "location"), ("turn", "off")];
        foreach (var (origin, site) in new (string?, string?)[]
        {
            ("http://evil.example", null), ("null", null), ($"http://127.0.0.1:{agent.Config.PagePort + 1}", null), ($"https://127.0.0.1:{agent.Config.PagePort}", null), (null, null),
            (agent.Origin, "cross-site"), (agent.Origin, "same-site"), (null, "cross-site"), (null, "none"), ("http://evil.example", "same-origin")
        })
        {
            using var refused = await agent.PostAsync("/consents", off, headers: own => { if (origin is not null) own.Add("Origin", origin); if (site is not null) own.Add("Sec-Fetch-Site", site); });
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), $"{origin} {site}");
        }
        Assert.That(File.Exists(Withheld), Is.False);

        using var done = await agent.PostAsync("/consents", off, headers: own => { own.Add("Origin", agent.Origin); own.Add("Sec-Fetch-Site", "same-origin"); });
        Assert.That((done.StatusCode, File.Exists(Withheld)), Is.EqualTo((HttpStatusCode.SeeOther, true)), "the twin");
    }

    [Test]
    public async Task A_form_without_this_sessions_token_does_nothing()
    {
        await agent.SignInAsync();
        var foreign = await agent.TokenAsync();
        await agent.SignInAsync();
        foreach (var token in new[] { "", "x", foreign })
            Assert.That((await agent.PostAsync("/consents", [("group", "location"), ("turn", "off"), (Layout.TokenField, token)], token: false)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), token);
        using var json = await agent.SendAsync(HttpMethod.Post, "/consents", new StringContent("{\"group\":\"location\",\"turn\":\"off\"}", Encoding.UTF8, "application/json"), own => own.Add("Origin", agent.Origin));
        Assert.That((json.StatusCode, File.Exists(Withheld)), Is.EqualTo((HttpStatusCode.Forbidden, false)));

        Assert.That(((await agent.PostAsync("/consents", [("group", "location"), ("turn", "off")])).StatusCode, File.Exists(Withheld)), Is.EqualTo((HttpStatusCode.SeeOther, true)), "the twin");
    }

    [Test]
    public async Task Reading_an_address_changes_nothing()
    {
        await agent.SignInAsync();
        var ticket = agent.Ticket();
        foreach (var path in new[] { "/consents?group=location&turn=off", "/ranges?action=add&addresses=192.0.2.1", "/ranges/forget", "/sweep", "/sign-out", $"/sign-in?key={ticket}" }) using (await agent.SendAsync(HttpMethod.Get, path)) { }
        Assert.That((File.Exists(Withheld), File.Exists(Path.Combine(agent.Directory, "ranges.json"))), Is.EqualTo((false, false)));
        await agent.GetAsync("/");      // still signed in
        Assert.That((await agent.PostAsync("/sign-in", [("key", ticket)], token: false)).StatusCode, Is.EqualTo(HttpStatusCode.SeeOther), "the key was not used up");
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Options, HttpMethod.Trace })
            Assert.That((await agent.SendAsync(method, "/")).StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed), method.Method);
    }

    [Test]
    public async Task A_key_signs_in_once()
    {
        var ticket = agent.Ticket();
        Assert.That(await StatusAsync(ticket), Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That(await StatusAsync(ticket), Is.EqualTo(HttpStatusCode.Forbidden), "a second time");
        var late = PageKey.Read(agent.Directory)!.Ticket(SystemClock.GetUtcNow() - PageKey.TicketLife - TimeSpan.FromSeconds(2), new byte[16]);
        foreach (var wrong in new[] { "", "x", "1.2.3", late, ticket + "x", new PageKey(new byte[32]).Ticket(SystemClock.GetUtcNow(), new byte[16]), agent.Ticket().Replace('.', '!') })
            Assert.That(await StatusAsync(wrong), Is.EqualTo(HttpStatusCode.Forbidden), wrong);

        async Task<HttpStatusCode> StatusAsync(string key) => (await agent.PostAsync("/sign-in", [("key", key)], token: false)).StatusCode;
    }

    [Test]
    public async Task Signed_out_the_cookie_is_nothing_any_more()
    {
        await agent.SignInAsync();
        using (await agent.PostAsync("/sign-out", [])) { }
        await agent.GetAsync("/", HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task The_browser_is_told_to_load_nothing_from_elsewhere_and_keep_the_cookie_to_itself()
    {
        using var signed = await agent.PostAsync("/sign-in", [("key", agent.Ticket())], token: false);
        Assert.That(signed.Headers.GetValues("Set-Cookie").Single(), Does.Contain("httponly").And.Contain("samesite=strict"));
        foreach (var path in new[] { "/", "/sign-in", "/style.css", "/nonsense" })
        {
            using var answer = await agent.SendAsync(HttpMethod.Get, path);
            Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Is.EqualTo("default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("<script").And.Not.Contain("https://").And.Not.Contain("style=\""), path);
        }
    }

    [Test]
    public void Only_the_agents_user_may_read_the_key()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Windows has no file modes");
#pragma warning disable CA1416 // left above where there are none
        Assert.That(File.GetUnixFileMode(Path.Combine(agent.Directory, "page.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
#pragma warning restore CA1416
    }

    [Test]
    public async Task Far_too_much_of_a_form_is_refused()
    {
        await agent.SignInAsync();
        // Asked before it is sent: who goes on sending to somebody who has hung up may get no answer at all.
        using var answer = await agent.PostAsync("/ranges", [("addresses", new string('1', 1 << 20))], headers: own => { own.Add("Origin", agent.Origin); own.ExpectContinue = true; });
        Assert.That((int)answer.StatusCode, Is.InRange(400, 413));
    }
}
