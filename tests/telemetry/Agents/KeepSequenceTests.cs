using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Agents;

public class KeepSequenceTests
{
    // The delivery order is the broker's; what is missing afterwards must be exactly what did not come.
    [Test]
    public void Whatever_the_order_the_gaps_are_what_has_not_come()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var site = new Site();
            var batches = Enumerable.Range(1, 40).Select(_ => (site.SendsAt(Noon, Health()), site.Sequence)).ToArray();
            random.Shuffle(batches);
            var come = batches.Take(30).ToList();
            var world = new GateWorld();

            foreach (var chunk in come.Chunk(random.Next(1, 8)))
                world.Receives([.. chunk.Select(b => b.Item1)]);

            var agent = world.AgentOf("acme", "hq/acme-hq");
            var highest = come.Max(b => b.Sequence);
            var missing = Enumerable.Range(1, (int)highest).Select(i => (long)i).Except(come.Select(b => b.Sequence));
            Assert.That(agent.Missing.SelectMany(Numbers).Order(), Is.EqualTo(missing), $"seed {seed}");
            Assert.That(world.All<AgentEvent.HealthReported>(), Has.Count.EqualTo(30), $"seed {seed}");
        }
    }

    [Test]
    public void Counting_in_twos_does_not_grow_an_agent_for_ever()
    {
        var world = new GateWorld();
        var site = new Site();

        for (var i = 1; i <= 2000; i += 2)
            world.Receives(site.Deliver(i, [site.Event(Health(), Noon)]));

        Assert.That(world.AgentOf("acme", "hq/acme-hq").Missing, Has.Count.EqualTo(500));
    }

    private static IEnumerable<long> Numbers(Gap gap)
    {
        for (var i = gap.From; i <= gap.To; i++)
            yield return i;
    }
}
