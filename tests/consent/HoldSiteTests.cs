using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Consent.Grants;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;

namespace Fleet.Consent.Tests;

public class HoldSiteTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan AlmostSilent = HoldSite.Silence - TimeSpan.FromSeconds(1);

    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task Start() => _service = await RunningService.StartAsync(Consent.Module);

    [OneTimeTearDown]
    public async Task Stop() => await _service.DisposeAsync();

    [Test]
    public void The_first_agent_has_the_site_for_as_long_as_it_asks_and_the_second_waits()
    {
        var hold = HoldSite.Decide(null, "first", Noon);
        for (var n = 1; n <= 100; n++)
        {
            hold = HoldSite.Decide(hold, "first", Noon + (n * AlmostSilent));
            hold = HoldSite.Decide(hold, "second", Noon + (n * AlmostSilent) + AlmostSilent);
            Assert.That((hold.Agent, hold.Since), Is.EqualTo(("first", Noon)));
        }
        Assert.That(hold.IsWaitedFor(Noon + (101 * AlmostSilent)), Is.True);
    }

    [Test]
    public void After_its_silence_the_next_one_that_asks_has_it_and_it_waits_itself()
    {
        var taken = HoldSite.Decide(HoldSite.Decide(null, "first", Noon), "second", Noon + HoldSite.Silence);
        Assert.That(taken, Is.EqualTo(new SiteHold("second", Noon + HoldSite.Silence, Noon + HoldSite.Silence, Noon + HoldSite.Silence)));
        var back = HoldSite.Decide(taken, "first", Noon + HoldSite.Silence + AlmostSilent);
        Assert.That(back.Agent, Is.EqualTo("second"));
    }

    [Test]
    public void An_agent_alone_is_not_waited_for_nor_is_one_whose_second_was_taken_away()
    {
        var alone = HoldSite.Decide(null, "first", Noon);
        Assert.That(alone.IsWaitedFor(Noon), Is.False);
        Assert.That(HoldSite.Decide(alone, "second", Noon).IsWaitedFor(Noon.AddMinutes(11)), Is.False);
    }

    [Test]
    public void It_is_silent_no_longer_than_two_minutes_whenever_the_second_asks()
    {
        // An agent asks at least every 36 s (30 s with its jitter) and is answered within 10 s.
        var most = HoldSite.Silence + TimeSpan.FromSeconds(36 + 10);
        Assert.That(most, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public void In_any_history_no_site_changes_hands_before_its_agent_was_silent([Random(20, Distinct = true)] int seed)
    {
        var random = new Random(seed);
        SiteHold? hold = null;
        var lastAsked = new Dictionary<string, DateTimeOffset>();
        for (var (now, n) = (Noon, 0); n < 500; now = now.AddSeconds(random.Next(60)), n++)
        {
            var agent = $"agent-{random.Next(3)}";
            var next = HoldSite.Decide(hold, agent, now);
            if (hold is not null && next.Agent != hold.Agent)
            {
                Assert.That(now - lastAsked[hold.Agent], Is.GreaterThanOrEqualTo(HoldSite.Silence), $"seed {seed}");
                Assert.That((next.Agent, next.Since), Is.EqualTo((agent, now)));
            }
            lastAsked[agent] = now;
            hold = next;
        }
    }

    [Test]
    public async Task The_second_agent_is_told_who_has_the_site_and_gets_the_grant_after_its_silence()
    {
        using var first = Agent("hq-1", "north");
        using var second = Agent("hq-2", "north");
        Assert.That(await AskAsync(first, "north"), Is.EqualTo((HttpStatusCode.OK, "False")));
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await AskAsync(first, "north")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await AskAsync(second, "north"), Is.EqualTo((HttpStatusCode.Conflict, "site-held hq-1 for 1 min")));
        Assert.That(await AskAsync(first, "north"), Is.EqualTo((HttpStatusCode.OK, "True")), "it knows that another waits");

        _service.Clock.Advance(HoldSite.Silence / 2);
        Assert.That((await AskAsync(second, "north")).Status, Is.EqualTo(HttpStatusCode.Conflict));
        _service.Clock.Advance(HoldSite.Silence / 2);
        Assert.That((await AskAsync(second, "north")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await AskAsync(first, "north"), Is.EqualTo((HttpStatusCode.Conflict, "site-held hq-2 for 0 min")));
    }

    [Test]
    public async Task Of_many_that_come_at_once_one_has_the_site()
    {
        var agents = Enumerable.Range(0, 8).Select(n => Agent($"racer-{n}", "south")).ToList();
        var answers = await Task.WhenAll(agents.Select(agent => AskAsync(agent, "south")));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.Status == HttpStatusCode.Conflict), Is.EqualTo(7));
        agents.ForEach(agent => agent.Dispose());
    }

    [Test] // the twin: sites, and tenants, are each their own
    public async Task Another_site_and_another_tenants_site_of_the_same_name_are_free()
    {
        using var east = Agent("hq-1", "east");
        using var west = Agent("hq-2", "west");
        using var theirs = Agent("hq-3", "east", "globex");
        Assert.That((await AskAsync(east, "east")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await AskAsync(west, "west")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await AskAsync(theirs, "east", "globex")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private HttpClient Agent(string agent, string site, string tenant = "acme") => _service.With(_service.Tokens.ForAgent(agent, tenant, "read-grant", site));

    private static async Task<(HttpStatusCode Status, string Says)> AskAsync(HttpClient agent, string site, string tenant = "acme")
    {
        using var answer = await agent.GetAsync(new Uri(EdgeGrant.Path(tenant, site), UriKind.Relative));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, answer.IsSuccessStatusCode
            ? $"{body.GetProperty("anotherWaits").GetBoolean()}"
            : $"{body.GetProperty("type").GetString()!.Split('/')[^1]} {body.GetProperty("agent")} for {body.GetProperty("heldSeconds").GetDouble() / 60:0} min");
    }
}
