using System.Text;
using System.Text.Json;
using Fleet.Agent.Spooling;
using Fleet.Agent.Transcribing;
using Fleet.Contracts.Edge.V1;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentTranscriptTests : AgentHome
{
    private static readonly string[] Oids = ["1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0"];


    private string Folder => Path.Combine(Home, Transcript.FolderName);

    [Test]
    public void The_chain_holds_over_restarts_and_rotation_and_every_file_names_its_own_questions()
    {
        for (var run = 0; run < 3; run++)
        {
            using var transcript = OpenTranscript(new(FileBytes: 2000));
            for (var n = 0; n < 20; n++) transcript.Asked(Oids, [$"192.0.2.{n}:161"], "7-x");
        }
        Assert.That(Check(), Is.EqualTo(new TranscriptCheck(Lines(), 1, null)));
        Assert.That(Directory.GetFiles(Folder, "*.gz"), Has.Length.GreaterThan(3), "full files are compressed");
        foreach (var file in Directory.GetFiles(Folder))
            Assert.That(TranscriptFiles.Lines(file).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString()).SkipWhile(kind => kind == "began").First(), Is.EqualTo("questions"));
    }

    [Test]
    public void A_line_changed_left_out_put_in_or_moved_is_named()
    {
        using (var transcript = OpenTranscript())
            for (var n = 0; n < 5; n++) transcript.Asked(Oids, [$"192.0.2.{n}:161"], null);
        var file = Directory.GetFiles(Folder).Single();
        var lines = File.ReadAllLines(file);
        Assert.That(Check().Fault, Is.Null, "the twin");

        Assert.That(After([.. lines[..3], lines[3].Replace("192.0.2.1", "192.0.2.9", StringComparison.Ordinal), .. lines[4..]]), Does.Contain("line 5: number 5 does not follow"));
        Assert.That(After([.. lines[..3], .. lines[4..]]), Does.Contain("line 4: is number 5, not 4"));
        Assert.That(After([.. lines[..3], lines[2], .. lines[3..]]), Does.Contain("line 4: is number 3, not 4"));
        Assert.That(After([lines[1], lines[0], .. lines[2..]]), Does.Contain("line 2"));
        Assert.That(After([.. lines[..3], "nonsense", .. lines[4..]]), Does.Contain("line 4: is no line"));
        Assert.That(After([lines[0].Replace("acme-hq", "acme-xx", StringComparison.Ordinal), .. lines[1..]]), Does.Contain("line 2"));

        string? After(IEnumerable<string> changed)
        {
            File.WriteAllLines(file, changed);
            return Check().Fault;
        }
    }

    [Test]
    public void Half_a_line_is_cut_away_said_so_and_the_chain_goes_on()
    {
        using (var transcript = OpenTranscript()) transcript.Asked(Oids, ["192.0.2.1:161"], null);
        var file = Directory.GetFiles(Folder).Single();
        File.AppendAllText(file, "{\"n\":4,\"at\":\"20");
        OpenTranscript().Dispose();
        Assert.That(Check(), Is.EqualTo(new TranscriptCheck(4, 1, null)));
        Assert.That(File.ReadLines(file).Last(), Does.Contain("\"cutBytes\":15"));
    }

    [Test]
    public void When_there_is_too_much_the_oldest_file_goes_and_the_rest_still_holds()
    {
        using (var transcript = OpenTranscript(new(FileBytes: 2000, AllBytes: 1500)))
            for (var n = 0; n < 200; n++) transcript.Asked([$"1.3.6.{n}"], [$"192.0.2.{n}:161"], null);
        var check = Check();
        Assert.That(check.Fault, Is.Null);
        Assert.That(check.First, Is.GreaterThan(1));
    }

    [Test]
    public void A_batch_stands_in_it_byte_for_byte()
    {
        using var spool = Open(Home);
        spool.Accept(Entry("grün & <tief>"));
        var batch = spool.Waiting(EdgeBatch.ReadingLane, 0, 1).Single();
        using (var transcript = OpenTranscript()) transcript.Sent(batch);
        var line = Directory.GetFiles(Folder).SelectMany(TranscriptFiles.Lines).Last();
        var body = JsonDocument.Parse(line).RootElement.GetProperty("body").GetRawText();
        Assert.That(Encoding.UTF8.GetBytes(body), Is.EqualTo(batch.Body));
    }

    [Test]
    public void What_is_asked_is_noted_before_it_leaves_and_written_as_one_line_for_all_who_were_asked_the_same()
    {
        using (var transcript = OpenTranscript())
        {
            var record = new RecordAsked(transcript, () => "7-x", SystemClock, Around().Log);
            foreach (var device in new[] { "192.0.2.1:161", "192.0.2.2:161" })
                foreach (var oid in Oids.Reverse()) record.Note(System.Net.IPEndPoint.Parse(device), Get(oid));
            record.Note(System.Net.IPEndPoint.Parse("192.0.2.3:161"), Get(Oids[0]));
            record.Write();
            record.Write();
        }
        Assert.That(new TellTranscript().Of(Folder).Skip(1).Select(line => line[22..]), Is.EquivalentTo(new[]
        {
            $"asked 192.0.2.1:161 192.0.2.2:161 under grant 7-x: {Oids[0]} {Oids[1]}", $"asked 192.0.2.3:161 under grant 7-x: {Oids[0]}"
        }));
        Assert.That(new TellTranscript(Device: "192.0.2.3").Of(Folder).Count(), Is.EqualTo(1));
        Assert.That(new TellTranscript(From: SystemClock.GetUtcNow().AddHours(1)).Of(Folder), Is.Empty);
    }

    [Test]
    public void What_cannot_be_written_down_is_noted_kept_and_written_later()
    {
        var lines = new StringWriter();
        using (var transcript = OpenTranscript(new(FileBytes: 1)))
        {
            var record = new RecordAsked(transcript, () => null, SystemClock, Around(lines).Log);
            var inTheWay = Directory.CreateDirectory(Directory.GetFiles(Folder).Single() + ".gz.new");     // the file cannot be rotated
            record.Note(System.Net.IPEndPoint.Parse("192.0.2.1:161"), Get(Oids[0]));
            record.Write();
            Assert.That((record.Trouble is null, lines.ToString().Contains("nothing is asked or sent until it can", StringComparison.Ordinal)), Is.EqualTo((false, true)));

            inTheWay.Delete();
            record.Write();
            Assert.That((record.Trouble, lines.ToString().Contains("can be written again", StringComparison.Ordinal)), Is.EqualTo(((string?)null, true)));
        }
        Assert.That(new TellTranscript(Device: "192.0.2.1").Of(Folder).Count(), Is.EqualTo(1));
        Assert.That(Check().Fault, Is.Null);
    }

    [Test]
    public void A_kill_in_the_middle_of_a_rotation_leaves_no_line_twice()
    {
        using (var transcript = OpenTranscript()) transcript.Asked(Oids, ["192.0.2.1:161"], null);
        var file = Directory.GetFiles(Folder).Single();
        var before = File.ReadAllBytes(file);
        TranscriptFiles.Compress(file);
        File.WriteAllBytes(file, before);                       // compressed, and not yet deleted
        File.WriteAllText(file + "x.jsonl.gz.new", "half");
        OpenTranscript().Dispose();
        Assert.That(Check(), Is.EqualTo(new TranscriptCheck(4, 1, null)));
    }

    private static SnmpPdu Get(string oid) => new(PduType.Get, 1, 0, 0, [VarBind.Asked(Oid.Parse(oid))]);

    private Transcript OpenTranscript(TranscriptLimits? limits = null) => Transcript.Open(Home, "acme-hq", limits ?? new(), SystemClock);

    private TranscriptCheck Check() => CheckTranscript.Of(Folder);

    private long Lines() => TranscriptFiles.All(Folder).SelectMany(TranscriptFiles.Lines).LongCount();
}
