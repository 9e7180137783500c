using Fleet.Agent.Copying;
using Fleet.Agent.Events;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentCopyTests : AgentHome
{

    [Test]
    public void What_was_sent_stands_there_event_by_event_and_value_by_value()
    {
        using var spool = Open(Home);
        spool.Accept(Entry(Fact.Of(AgentSamples.Seen.Meters!)), Entry(Fact.Of(AgentSamples.Seen.Supplies!)));
        var batch = spool.Waiting(EdgeBatch.ReadingLane, 0, 1).Single();
        new CopyBatches(Path.Combine(Home, "copy"), SystemClock, Around().Log).Copy(batch);

        var lines = File.ReadAllBytes(Directory.GetFiles(Path.Combine(Home, "copy"), "*.jsonl").Single());
        Assert.That(lines, Is.EqualTo(BatchStatement.Events(batch.Body).SelectMany(one => one.ToArray().Append((byte)'\n'))));
        var rows = File.ReadAllLines(Directory.GetFiles(Path.Combine(Home, "copy"), "*.csv").Single());
        Assert.That(rows, Is.EqualTo(new[]
        {
            "time,type,batch,grant,manufacturer,serial,mac,address,device,name,value,unit,detail",
            "2026-10-14T12:00:00Z,fleet.edge.meter-read.v1,1,,Kyocera,RVP0001,00:17:c8:00:00:01,127.0.0.5,k1,total,100,impressions,1.3.6.1.4.1.1347.43.10.1.1.12.1.1",
            "2026-10-14T12:00:00Z,fleet.edge.supplies-read.v1,1,,Kyocera,RVP0001,00:17:c8:00:00:01,127.0.0.5,k1,1.1 TK-8375K,500,impressions,measured",
            "2026-10-14T12:00:00Z,fleet.edge.supplies-read.v1,1,,Kyocera,RVP0001,00:17:c8:00:00:01,127.0.0.5,k1,1.5 Waste,,impressions,some-remaining"
        }));
    }

    [TestCase("=HYPERLINK(\"http://x\"),\r\nnext", "\"'=HYPERLINK(\"\"http://x\"\"),\r\nnext\"")]
    [TestCase("a;=1+1;b", "a;'=1+1;b", Description = "where semicolons part the columns")]
    [TestCase("a\n@x", "\"a\n'@x\"")]
    [TestCase("\t=1", "'\t'=1")]
    [TestCase("Tray 2; 3-4 = A4 + A5", "Tray 2; 3-4 = A4 + A5", Description = "the twin")]
    public void A_printers_words_are_never_a_formula_or_a_cell_too_many(string words, string cell)
    {
        using var spool = Open(Home);
        spool.Accept(Entry(Fact.Of(Alert(7) with { Description = words })));
        new CopyBatches(Home, SystemClock, Around().Log).Copy(spool.Waiting(EdgeBatch.AlertLane, 0, 1).Single());
        Assert.That(File.ReadAllText(Directory.GetFiles(Home, "*.csv").Single()), Does.Contain($",critical,{cell}\r\n"));
    }

    [Test]
    public void A_folder_that_cannot_be_written_costs_one_line_and_nothing_else()
    {
        var (lines, file) = (new StringWriter(), Path.Combine(Home, "file"));
        File.WriteAllText(file, "");
        using var spool = Open(Home);
        spool.Accept(Entry(Fact.Of(Alert(7))));
        var batch = spool.Waiting(EdgeBatch.AlertLane, 0, 1).Single();
        var copies = new CopyBatches(Path.Combine(file, "below"), SystemClock, Around(lines).Log);
        copies.Copy(batch);
        copies.Copy(batch);
        Assert.That(lines.ToString().Split("is not copied there").Length - 1, Is.EqualTo(1), lines.ToString());
    }
}
