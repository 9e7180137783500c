using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Agents;

/// <summary>Each batch names the one before it; whatever order they come in, the chain is held to both neighbours.</summary>
public class ChainTests
{
    private const int Batches = 30;

    [Test]
    public void A_true_chain_is_kept_whole_in_whatever_order_it_comes()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var hq = new SigningSite();
            var world = GateWorld.OfAcme().Learns(hq.Enrolled);
            var batches = Chain(hq, Batches);
            var random = new Random(seed);
            random.Shuffle(batches);

            foreach (var chunk in batches.Chunk(random.Next(1, 6)))
                world.Receives(chunk);

            Assert.That(world.All<AgentEvent.BatchRefused>(), Is.Empty, $"seed {seed}");
            Assert.That(world.All<AgentEvent.BatchAccepted>(), Has.Count.EqualTo(Batches), $"seed {seed}");
        }
    }

    // An agent set up again from a copy of its state goes on from an older number, with its own key.
    [Test]
    public void A_second_chain_from_an_old_copy_is_refused_where_it_leaves_the_first()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var hq = new SigningSite();
            var world = GateWorld.OfAcme().Learns(hq.Enrolled);
            var batches = Chain(hq, Batches);
            var fork = hq.Signs(hq.Site.Deliver(batches[14].Sequence!.Value, [hq.Site.Event(Meter(999), Noon)]) with { Previous = batches[14].Previous });
            var random = new Random(seed);
            random.Shuffle(batches);

            // The fork comes when all but the one in its place have.
            world.Receives([.. batches.Where(batch => batch.Sequence != fork.Sequence)]);
            var forked = world.Receives(fork);

            Assert.That(string.Join(' ', forked.Refused.Keys), Is.EqualTo("chain"), $"seed {seed}");
        }
    }

    [Test]
    public void The_next_batch_follows_the_last_one_or_is_refused_by_name()
    {
        using var hq = new SigningSite();
        var world = GateWorld.OfAcme().Learns(hq.Enrolled);
        world.Receives(Chain(hq, 3));

        var loose = world.Receives(hq.Signs(hq.Site.SendsAt(Noon, Meter(4)) with { Previous = new string('b', 64) }));

        Assert.That(string.Join(' ', loose.Refused.Keys), Is.EqualTo("chain"));
        Assert.That(world.AgentOf("acme", "hq/acme-hq").Highest, Is.EqualTo(4), "it is the agent's word, and its number is used");
    }

    private static EdgeDelivery[] Chain(SigningSite site, int length) => [.. Enumerable.Range(1, length).Select(n => site.SendsAt(Noon.AddMinutes(n), Meter(n)))];
}
