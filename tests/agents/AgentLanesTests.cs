using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What is wrong with one lane, at a real broker.</summary>
public class AgentLanesTests : AgentAtBroker
{
    [Test]
    public async Task A_lane_nobody_has_a_queue_for_rests_while_the_other_goes_on_over_the_same_connection()
    {
        Edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.*";
        await Edge.BindAsync("acme.lonely.reading");
        using var spool = Open(Edge.Directory, site: "lonely");
        spool.Accept(Entry("alert", EdgeBatch.AlertLane, EdgeEventTypes.AlertRaised));
        await using var agent = new AgentPublisher(Edge.Config, spool);

        await Eventually(() => agent.Publisher.Trouble?.Kind == FailureKind.Unroutable, "the alert to come back");
        for (var n = 1; n <= 20; n++)
        {
            spool.Accept(Entry($"reading {n}"));
            agent.Publisher.Wake();
            await Eventually(() => spool.Tally.Sent == n, $"reading {n} to be sent all the same");
        }
        Assert.That(agent.Publisher.Trouble?.Kind, Is.EqualTo(FailureKind.Unroutable), "and the alert is not forgotten over it");
        await Edge.BindAsync("acme.lonely.alert");
        await Eventually(() => spool.Tally.Kept == 0, "the alert, now that somebody has a queue for it", 60);
        Assert.That((agent.Publisher.Trouble, agent.Count("connected to")), Is.EqualTo(((Failure?)null, 1)), agent.Log);
        Assert.That(agent.Count("has no queue"), Is.InRange(1, 12).And.EqualTo(agent.Count("again in")), agent.Log);
    }

    [Test]
    public async Task A_session_that_ends_again_and_again_is_never_opened_without_a_pause_though_it_moves_something_each_time()
    {
        Edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.hq.reading";      // an alert is 403, which closes the channel
        using var spool = Open(Edge.Directory, 64 << 20);
        spool.Accept([Entry("alert", EdgeBatch.AlertLane, EdgeEventTypes.AlertRaised), .. Enumerable.Range(0, 500).Select(n => Entry($"reading {n}"))]);
        await using var agent = new AgentPublisher(Edge.Config, spool);

        await Eventually(() => agent.Count("connected to") >= 4, "the fourth session", 60);
        Assert.That(agent.Count("connected to"), Is.LessThanOrEqualTo(agent.Count("again in") + 1), agent.Log);
    }
}
