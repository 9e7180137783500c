using Fleet.Agent.Granting;
using Fleet.Consent.Grants;

namespace Fleet.Flows.Tests.TwoAgents;

/// <summary>
/// Two agents of one site: the second waits; it takes over from one that can no longer ask for its grant and, the worst case, goes on reading and still reaches the broker;
/// that one comes back and waits; the second one goes and the first has the site again. Nothing is said by both.
/// </summary>
public class TwoAgentsTests
{
    [Test]
    public async Task The_second_waits_takes_over_and_nothing_is_said_twice()
    {
        await using var site = await SiteOfTwo.OpenAsync();
        await using var first = await site.StartAsync("hq-1");
        await site.HearAsync("every printer from the first agent", said => Of(said, "hq-1").DistinctBy(one => one.Device).Count() == SiteOfTwo.Printers);
        await using var second = await site.StartAsync("hq-2");
        await LogsAsync(second, "hq-1 reports from this site");
        await Testing.Eventually.IsTrueAsync("the first agent to learn that another waits", () => Task.FromResult(first.KnowsOfAnother));
        Assert.That(Of(site.Heard, "hq-2"), Is.Empty, "the second one asks nothing");

        first.Wire.Cut();
        site.Service.Clock.Advance(SiteTurn.HoldBack);
        await LogsAsync(first, "what is read is kept until it is known whose turn it is");
        await UnderWayAsync(first);
        site.Service.Clock.Advance(HoldSite.Silence - SiteTurn.HoldBack);
        await site.HearAsync("every printer from the second agent", said => Of(said, "hq-2").DistinctBy(one => one.Device).Count() == SiteOfTwo.Printers);
        var kept = first.Tally.Kept;
        await Testing.Eventually.IsAsync("the first to go on reading", () => Task.FromResult(first.Tally.Kept), now => now > kept);

        first.Wire.Mend();
        await LogsAsync(first, "hq-2 reports from this site");
        await LogsAsync(first, "made since hq-2 took over are not sent");
        var heard = site.Heard.Count;
        await site.HearAsync("more from the second agent", said => said.Count > heard + (3 * SiteOfTwo.Printers));
        Assert.That(first.Tally.Accepted, Is.EqualTo(first.Tally.Sent + first.Tally.Kept + first.Tally.Refused));

        await second.StopAsync();
        var last = Of(site.Heard, "hq-2").Max(one => one.Time);
        site.Service.Clock.Advance(HoldSite.Silence);
        await site.HearAsync("every printer from the first agent again", said => Of(said, "hq-1").Where(one => one.Time > last).DistinctBy(one => one.Device).Count() == SiteOfTwo.Printers);

        var turns = site.Heard.OrderBy(one => one.Time).Select(one => one.Agent).Aggregate(new List<string>(), (turns, agent) =>
        {
            if (turns.Count == 0 || turns[^1] != agent) turns.Add(agent);
            return turns;
        });
        Assert.That(string.Join(' ', turns), Is.EqualTo("hq-1 hq-2 hq-1"), "one after the other, by the time of what they saw");
        Assert.That(await site.DevicesAsync(), Has.Count.EqualTo(SiteOfTwo.Printers), "and each printer is one device");
    }

    private static IEnumerable<Said> Of(IEnumerable<Said> said, string agent) => said.Where(one => one.Agent == agent);

    // In life there are 15 seconds between holding back and losing the site; here what was already on its way is waited for.
    private static async Task UnderWayAsync(RunningAgent agent)
    {
        var (sent, same) = (-1L, 0);
        await Testing.Eventually.IsTrueAsync("what was on its way to arrive", () =>
        {
            (sent, same) = agent.Tally.Sent is var now && now == sent ? (sent, same + 1) : (now, 0);
            return Task.FromResult(same >= 40);     // a second
        });
    }

    private static Task LogsAsync(RunningAgent agent, string line) =>
        Testing.Eventually.IsAsync($"the line '{line}'", () => Task.FromResult(agent.Log), log => log.Contains(line, StringComparison.Ordinal), TimeSpan.FromSeconds(60));
}
