using System.Diagnostics;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>The running total of what a spool holds is the sum of it, whatever happens to the spool.</summary>
public class AgentHeldTests : AgentHome
{
    private const string Row = "SELECT events || ' events, ' || bytes || ' bytes' FROM held",
        Sum = """
            SELECT ((SELECT COALESCE(SUM(events), 0) FROM batch) + (SELECT COUNT(*) FROM entry)) || ' events, ' ||
                   ((SELECT COALESCE(SUM(LENGTH(body)), 0) FROM batch) + (SELECT COALESCE(SUM(LENGTH(event)), 0) FROM entry)) || ' bytes'
            """;

    private int homes;

    [Test]
    public void Over_random_accepts_cuts_confirms_drops_and_kills_the_total_is_the_sum()
    {
        // What is done, and with how much: most things fit, some make room, some grow too old.
        var steps = (from what in Gen.Frequency((6, Gen.Constant('a')), (2, Gen.Constant('A')), (4, Gen.Constant('w')), (4, Gen.Constant('c')), (1, Gen.Constant('o')), (2, Gen.Constant('k'))) from size in Gen.Choose(1, 900) select (what, size)).NonEmptyListOf();
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(steps.ToArbitrary(), taken =>
        {
            var home = Directory.CreateDirectory(Path.Combine(Home, $"{homes++}")).FullName;
            var spool = Open(home, maxBytes: 3000);
            try
            {
                var (now, refused) = (Noon, 0L);
                foreach (var (what, size) in taken)
                {
                    switch (what)
                    {
                        case 'a': refused += spool.Accept([.. Enumerable.Range(0, size % 4).Select(n => Entry(new string('x', size), n % 2 == 0 ? EdgeBatch.ReadingLane : EdgeBatch.AlertLane))], [], now).Count; break;
                        case 'A': refused += spool.Accept([Entry(Fact(size))], [], now).Count; break;
                        case 'w': _ = spool.Waiting(size % 2 == 0 ? EdgeBatch.ReadingLane : EdgeBatch.AlertLane, 0, 1 + (size % 3)); break;
                        case 'c': spool.Confirm(1 + (size % 6)); break;
                        case 'o': now += TimeSpan.FromDays(91); break;
                        case 'k': spool = Killed(spool, ref home); break;
                    }
                    Assert.That(Read(home, Row), Is.EqualTo(Read(home, Sum)), $"after {what}");
                    Assert.That((spool.Tally.Refused, spool.Tally.Accepted), Is.EqualTo((refused, spool.Tally.Sent + spool.Tally.Kept + refused)));
                }
            }
            finally
            {
                spool.Dispose();
            }
        }));
    }

    [Test]
    public void A_total_that_is_wrong_is_put_right_when_the_spool_is_opened()
    {
        using (var spool = Open(Home)) spool.Accept(Entry("one"), Entry("two"));
        // An agent of an earlier version knows no triggers.
        Read(Home, "DROP TRIGGER entry_out; DELETE FROM entry WHERE number = 1; SELECT ''");
        Assert.That(Read(Home, Row), Is.Not.EqualTo(Read(Home, Sum)), "the twin: without its trigger the total is wrong");
        using var again = Open(Home);
        Assert.That((Read(Home, Row), again.Tally.Kept), Is.EqualTo((Read(Home, Sum), 1L)));
    }

    [Test]
    public void An_accept_costs_no_more_when_much_is_held()
    {
        using var spool = Open(Home, maxBytes: 1L << 30);
        var large = new string('x', 20_000);
        var empty = Cost(spool);
        for (var page = 0; page < 20; page++) spool.Accept([.. Enumerable.Range(0, 250).Select(_ => Entry(large))], [], Noon);
        var full = Cost(spool);
        TestContext.Out.WriteLine($"an accept: {empty.TotalMilliseconds:0.00} ms empty, {full.TotalMilliseconds:0.00} ms with {spool.Tally.Kept} events of 20 kB");
        Assert.That(full, Is.LessThan((empty * 5) + TimeSpan.FromMilliseconds(5)));

        // The quickest of many, on a machine others use, too.
        static TimeSpan Cost(Spool spool) => Enumerable.Range(0, 20).Min(_ =>
        {
            var begun = Stopwatch.GetTimestamp();
            spool.Accept(Entry("one"));
            return Stopwatch.GetElapsedTime(begun);
        });
    }

    // What kill -9 leaves: the files as they are at this moment, log included.
    private Spool Killed(Spool spool, ref string home)
    {
        var left = Directory.CreateDirectory(Path.Combine(Home, $"{homes++}")).FullName;
        foreach (var file in Directory.GetFiles(home).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))) File.Copy(file, Path.Combine(left, Path.GetFileName(file)));
        spool.Dispose();
        Assert.That(Read(left, Row), Is.EqualTo(Read(left, Sum)), "before it is counted anew");
        home = left;
        return Open(home, maxBytes: 3000);
    }

    private static Fleet.Agent.Events.Fact Fact(int size) => Fleet.Agent.Events.Fact.Of(AgentSamples.Seen.Meters! with { Counters = [.. Enumerable.Repeat(AgentSamples.Seen.Meters!.Counters[0], 1 + (size % 5))] });

    private static string Read(string home, string sql)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(home, "agent.db"), Pooling = false }.ToString());
        database.Open();
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        return (string)command.ExecuteScalar()!;
    }
}
