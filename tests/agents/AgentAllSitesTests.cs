using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>The page where somebody at the machine gives and takes back for the whole customer; the consent service is a script here, the real one is in tests/flows/NewCustomer.</summary>
public class AgentAllSitesTests
{
    private const string Path = "/consents/all-sites";

    private HttpListener _fleet = null!;
    private string _origin = "";
    private bool _mayGrant;
    private readonly ConcurrentQueue<(string Path, SiteConsentChange? Change)> _asked = new();

    [SetUp]
    public void Listen()
    {
        _mayGrant = true;
        _asked.Clear();
        _origin = $"http://127.0.0.1:{Fleet.Cli.Local.Ports.Free()}";
        _fleet = new();
        _fleet.Prefixes.Add($"{_origin}/");
        _fleet.Start();
        _ = AnswerAsync();
    }

    [TearDown]
    public void Stop() => _fleet.Close();

    [Test]
    public async Task Nothing_is_ticked_the_text_is_there_and_giving_takes_a_confirmation()
    {
        await using var agent = await StartAsync();
        var page = await agent.GetAsync(Path);
        Assert.That(page, Does.Contain("What your printers may tell").And.Contain("value=\"network-address\"").And.Not.Contain("checked"));

        using var hasty = await agent.PostAsync(Path, [("turn", "grant"), ("field-group", "network-address"), ("text-version", "1"), ("language", "en"), ("text-hash", "abc")]);
        Assert.That(await hasty.Content.ReadAsStringAsync(), Does.Contain("tick that the customer agrees"));
        using var empty = await agent.PostAsync(Path, [("turn", "grant"), ("agreed", "yes"), ("text-version", "1"), ("language", "en"), ("text-hash", "abc")]);
        Assert.That(await empty.Content.ReadAsStringAsync(), Does.Contain("Nothing is ticked"));
        Assert.That(Changes(), Is.Empty, "neither went out");

        using var given = await agent.PostAsync(Path, [("turn", "grant"), ("agreed", "yes"), ("field-group", "network-address"), ("text-version", "1"), ("language", "en"), ("text-hash", "abc")]);
        Assert.That(given.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        var (path, change) = Changes().Single();
        Assert.That((path, change!.FieldGroups.Single(), change.Purposes.Count, change.Text), Is.EqualTo((SiteConsents.Path("acme", "hq") + "/grant", "network-address", 0, new ShownConsentText("1", "en", "abc"))));
    }

    [Test]
    public async Task Taking_back_takes_no_text_no_confirmation_and_is_possible_where_giving_is_closed()
    {
        _mayGrant = false;
        await using var agent = await StartAsync();
        Assert.That(await agent.GetAsync(Path), Does.Contain("has closed this page for giving").And.Contain("value=\"counters\"").And.Not.Contain("value=\"network-address\""));
        using var taken = await agent.PostAsync(Path, [("turn", "withdraw"), ("field-group", "counters")]);
        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
        Assert.That((Changes().Single().Path, Changes().Single().Change!.Text), Is.EqualTo((SiteConsents.Path("acme", "hq") + "/withdraw", (ShownConsentText?)null)));
    }

    [Test]
    public async Task Without_a_way_to_Fleet_the_page_says_so_and_the_switches_of_the_site_are_not_touched()
    {
        await using var agent = await StartAsync();
        _fleet.Stop();
        Assert.That(await agent.GetAsync(Path), Does.Contain("Fleet cannot be asked"));
        using var switched = await agent.PostAsync("/consents", [("group", "counters"), ("turn", "off")]);
        Assert.That(switched.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther));
    }

    [Test]
    public async Task A_form_of_another_page_gives_nothing()
    {
        await using var agent = await StartAsync();
        using var foreign = await agent.PostAsync(Path, [("turn", "withdraw"), ("field-group", "counters")], token: false);
        Assert.That((foreign.StatusCode, Changes().Count), Is.EqualTo((HttpStatusCode.Forbidden, 0)));
    }

    private List<(string Path, SiteConsentChange? Change)> Changes() => [.. _asked.Where(asked => asked.Change is not null)];

    private async Task<PageAgent> StartAsync()
    {
        var agent = await PageAgent.StartAsync(new Dictionary<string, SnmpValue>(), tokenUrl: $"{_origin}/oauth/token");
        await agent.SignInAsync();
        return agent;
    }

    private async Task AnswerAsync()
    {
        while (_fleet.IsListening)
            try
            {
                var context = await _fleet.GetContextAsync();
                using var body = new StreamReader(context.Request.InputStream);
                var text = await body.ReadToEndAsync();
                var path = context.Request.Url!.AbsolutePath;
                var isConsents = path.StartsWith(SiteConsents.Path("acme", "hq"), StringComparison.Ordinal);
                if (isConsents) _asked.Enqueue((path, text.Length > 0 ? JsonSerializer.Deserialize<SiteConsentChange>(text, JsonSerializerOptions.Web) : null));
                var answer = path == "/oauth/token"
                    ? """{"access_token":"a.b.c","token_type":"Bearer","expires_in":1200,"scope":""}"""
                    : JsonSerializer.Serialize(new SiteConsents("acme", _mayGrant, new("1", "en", "abc", "# What your printers may tell"),
                        [new("purpose", "billing", true), new("field-group", "counters", true), new("field-group", "network-address", false)]), JsonSerializerOptions.Web);
                context.Response.StatusCode = path == "/oauth/token" || isConsents ? 200 : 404;
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
                context.Response.Close();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
    }
}
