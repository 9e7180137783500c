using Fleet.Agent.Changes;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentSpoolTests
{
    private string directory = "";

    [SetUp]
    public void Make() => directory = FreshDirectory();

    [TearDown]
    public void Remove() => Directory.Delete(directory, recursive: true);

    [Test]
    public void Batches_are_numbered_without_gaps_and_each_names_the_hash_of_the_one_before()
    {
        using var spool = Open(directory);
        spool.Accept([Draft("a"), Draft("b", EdgeBatch.AlertLane)], []);
        spool.Accept([Draft("c")], []);
        var batches = All(spool);
        Assert.That(batches.Select(batch => batch.Sequence), Is.EqualTo(new[] { 1L, 2, 3 }));
        Assert.That(batches[0].Previous, Is.EqualTo(new string('0', 64)));
        Assert.That(batches[1].Previous, Is.EqualTo(Batch.HashOf("a"u8)));
        Assert.That(batches[2].Previous, Is.EqualTo(batches[1].Hash));
    }

    [Test]
    public void The_chain_goes_on_after_a_restart_even_when_everything_was_confirmed()
    {
        using (var spool = Open(directory))
        {
            spool.Accept([Draft("a")], []);
            spool.Confirm(1);
        }
        using var again = Open(directory);
        again.Accept([Draft("b")], []);
        Assert.That(All(again).Single(), Is.EqualTo(new Batch(2, "reading", "acme.hq.reading", [], Batch.HashOf("a"u8), null, 1)).Using<Batch>((x, y) => (x.Sequence, x.Previous) == (y.Sequence, y.Previous)));
    }

    [Test]
    public void What_was_not_confirmed_waits_unchanged_after_a_restart()
    {
        using (var spool = Open(directory)) spool.Accept([Draft("a")], []);
        using var again = Open(directory);
        Assert.That((All(again).Single().Sequence, All(again).Single().Body), Is.EqualTo((1L, "a"u8.ToArray())));
    }

    [Test]
    public void A_batch_and_the_memory_of_it_are_kept_together()
    {
        var memory = KeepChanges.Decide(null, Seen, metersDue: true, Today).Memory;
        using (var spool = Open(directory)) spool.Accept([Draft("a")], [memory]);
        using var again = Open(directory);
        Assert.That(again.Device("k1")!.ToJson(), Is.EqualTo(memory.ToJson()));
        Assert.That(again.DeviceAt("t1")!.Key, Is.EqualTo("k1"));
    }

    [Test]
    public void A_full_spool_refuses_counts_and_remembers_nothing()
    {
        using var spool = Open(directory, maxBytes: 10);
        var memory = KeepChanges.Decide(null, Seen, metersDue: true, Today).Memory;
        Assert.That(spool.Accept([Draft("12345678", events: 3)], []), Is.True);
        Assert.That(spool.Accept([Draft("abc", events: 2)], [memory]), Is.False);
        Assert.That((spool.Tally, spool.Chain.Sequence, spool.Device("k1")), Is.EqualTo((new Tally(Sent: 0, Kept: 3, Refused: 2), 1L, (DeviceMemory?)null)));
        spool.Confirm(1);
        Assert.That(spool.Accept([Draft("abc", events: 2)], [memory]), Is.True, "there is room again");
    }

    [Test]
    public void Accepted_is_sent_and_kept_and_refused_also_when_a_confirm_comes_twice()
    {
        using var spool = Open(directory);
        spool.Accept([Draft("a", events: 5), Draft("b", events: 7)], []);
        spool.Confirm(1);
        spool.Confirm(1);
        Assert.That((spool.Tally, spool.Tally.Accepted), Is.EqualTo((new Tally(Sent: 5, Kept: 7, Refused: 0), 12L)));
    }

    [Test]
    public void Two_agents_never_share_a_state_directory()
    {
        using var spool = Open(directory);
        Assert.That(() => Open(directory), Throws.TypeOf<StateException>().With.Message.Contains("in use by another agent"));
    }

    [Test]
    public void Another_agents_state_directory_is_refused()
    {
        Open(directory).Dispose();
        Assert.That(() => Spool.Open(directory, "acme-branch", 1 << 20, new byte[32]), Throws.TypeOf<StateException>().With.Message.Contains("belongs to agent acme-hq"));
    }

    private static List<Batch> All(Spool spool) =>
        [.. new[] { EdgeBatch.AlertLane, EdgeBatch.ReadingLane }.SelectMany(lane => spool.Waiting(lane, 0, 100)).OrderBy(batch => batch.Sequence)];
}
