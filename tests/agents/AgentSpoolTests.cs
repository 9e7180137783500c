using System.Text;
using Fleet.Agent.Changes;
using Fleet.Agent.Events;
using Fleet.Agent.Keeping;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentSpoolTests : AgentHome
{

    [Test]
    public void Batches_are_numbered_without_gaps_and_each_names_the_hash_of_the_one_before()
    {
        using var spool = Open(Home);
        spool.Accept(Entry("a"), Entry("b", EdgeBatch.AlertLane));
        _ = All(spool);
        spool.Accept(Entry("c"));
        var batches = All(spool);
        Assert.That(batches.Select(batch => batch.Sequence), Is.EqualTo(new[] { 1L, 2, 3 }));
        Assert.That(batches[0].Previous, Is.EqualTo(new string('0', 64)));
        Assert.That(batches[1].Previous, Is.EqualTo(Batch.HashOf(batches[0].Body)));
        Assert.That(batches[2].Previous, Is.EqualTo(batches[1].Hash));
    }

    [Test]
    public void The_chain_goes_on_after_a_restart_even_when_everything_was_confirmed()
    {
        string hash;
        using (var spool = Open(Home))
        {
            spool.Accept(Entry("a"));
            hash = All(spool).Single().Hash;
            spool.Confirm(1);
        }
        using var again = Open(Home);
        again.Accept(Entry("b"));
        var next = All(again).Single();
        Assert.That((next.Sequence, next.Previous), Is.EqualTo((2L, hash)));
    }

    [Test]
    public void A_batch_that_has_its_number_waits_unchanged_after_a_restart_signature_included()
    {
        Batch before;
        using (var spool = Open(Home))
        {
            spool.Accept(Entry("a"));
            before = All(spool).Single();
        }
        using var again = Open(Home);
        again.Accept(Entry("b"));
        var after = All(again)[0];
        Assert.That((after.Sequence, after.KeyId, after.Signature), Is.EqualTo((before.Sequence, before.KeyId, before.Signature)));
        Assert.That(after.Body, Is.EqualTo(before.Body));
    }

    [Test]
    public void What_was_said_in_small_pieces_leaves_in_one_batch_and_each_lane_in_its_own()
    {
        using var spool = Open(Home, maxBytes: 1 << 24);
        spool.Accept(Entry(Fact.Of(Alert(1))));
        for (var n = 0; n < 1199; n++) spool.Accept(Entry(Fact.Of(AgentSamples.Seen.Meters!)));
        Assert.That(All(spool).OrderBy(batch => batch.Lane).Select(batch => (batch.RoutingKey, batch.Events)),
            Is.EqualTo(new[] { ("acme.hq.alert", 1), ("acme.hq.reading", 500), ("acme.hq.reading", 500), ("acme.hq.reading", 199) }));
    }

    [Test]
    public void No_batch_is_larger_than_the_gate_reads_and_no_event_is_lost()
    {
        using var spool = Open(Home, maxBytes: 1 << 26);
        var text = new string('x', EdgeBatch.LargestBody / 3);
        spool.Accept([.. Enumerable.Range(0, 7).Select(n => Entry($"{n}{text}"))]);
        var batches = All(spool);
        Assert.That(batches.Select(batch => batch.Body.Length), Is.All.LessThanOrEqualTo(EdgeBatch.LargestBody));
        Assert.That(batches.SelectMany(batch => BatchStatement.Events(batch.Body)).Select(one => (char)one.Span[1]), Is.EqualTo("0123456"));
    }

    [Test]
    public void An_event_no_batch_can_hold_is_refused_and_the_others_go()
    {
        using var spool = Open(Home, maxBytes: 1 << 26);
        var dropped = spool.Accept([Entry(new string('x', EdgeBatch.LargestBody)), Entry("small")], [], Noon);
        Assert.That((dropped.Count, spool.Tally), Is.EqualTo((1, new Tally(Sent: 0, Kept: 1, Refused: 1))));
        Assert.That(Encoding.UTF8.GetString(All(spool).Single().Body), Is.EqualTo("[\"small\"]"));
    }

    [Test]
    public void An_event_and_the_memory_of_it_are_kept_together()
    {
        var memory = KeepChanges.Decide(null, Seen, metersDue: true, Today).Memory;
        using (var spool = Open(Home)) spool.Accept([Entry("a")], [memory], Noon);
        using var again = Open(Home);
        Assert.That(again.Device("k1")!.ToJson(), Is.EqualTo(memory.ToJson()));
        Assert.That(again.DeviceAt("t1")!.Key, Is.EqualTo("k1"));
    }

    [Test]
    public void Accepted_is_sent_and_kept_and_refused_also_when_a_confirm_comes_twice()
    {
        using var spool = Open(Home);
        spool.Accept([.. Enumerable.Range(0, 5).Select(n => Entry($"a{n}"))]);
        _ = All(spool);
        spool.Accept([.. Enumerable.Range(0, 7).Select(n => Entry($"b{n}"))]);
        spool.Confirm(1);
        spool.Confirm(1);
        Assert.That((spool.Tally, spool.Tally.Accepted), Is.EqualTo((new Tally(Sent: 5, Kept: 7, Refused: 0), 12L)));
    }

    [Test]
    public void Two_agents_never_share_a_state_directory()
    {
        using var spool = Open(Home);
        Assert.That(() => Open(Home), Throws.TypeOf<StateException>().With.Message.Contains("in use by another agent"));
    }

    [Test]
    public void Another_agents_state_directory_is_refused()
    {
        Open(Home).Dispose();
        Assert.That(
            () => Spool.Open(Home, Owner with { Agent = "acme-branch" }, new(1 << 20, TimeSpan.FromDays(90)), new byte[32]),
            Throws.TypeOf<StateException>().With.Message.Contains("belongs to agent acme-hq"));
    }

    [Test]
    public void The_key_is_made_once_and_only_its_user_reads_it()
    {
        string id;
        using (var spool = Open(Home)) id = spool.Key.Id;
        using (var again = Open(Home)) Assert.That(again.Key.Id, Is.EqualTo(id));
        var file = Path.Combine(Home, "agent.key");
        if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        File.WriteAllText(file, "no key");
        Assert.That(() => Open(Home), Throws.TypeOf<StateException>().With.Message.Contains("agent.key is no P-256 key"));
    }

    private static List<Batch> All(Spool spool) =>
        [.. new[] { EdgeBatch.ReadingLane, EdgeBatch.AlertLane }.SelectMany(lane => spool.Waiting(lane, 0, 100)).OrderBy(batch => batch.Sequence)];
}
