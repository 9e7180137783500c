using System.IO.Compression;
using System.Text;
using Fleet.Agent.Transcribing;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>A transcript read from its newest line backwards, over files that are still written, full, compressed or gone.</summary>
public class AgentBrowseTests : AgentHome
{

    private string Folder => Path.Combine(Home, Transcript.FolderName);

    [Test]
    public void Page_by_page_every_line_is_shown_once_newest_first_also_from_compressed_files()
    {
        using var transcript = Write(60, fileBytes: 3000);
        Assert.That(Directory.GetFiles(Folder, "*.gz"), Has.Length.GreaterThan(2));
        Assert.That(All(limit: 7), Is.EqualTo(Enumerable.Range(0, 60).Reverse().Select(n => $"192.0.2.{n}:161")));
        Assert.That(All(limit: 1000), Is.EqualTo(All(limit: 7)), "at once, the twin");
    }

    [Test]
    public void What_is_found_far_back_is_found_also_when_each_search_gives_up_after_one_file()
    {
        using var transcript = Write(60, fileBytes: 3000);
        Assert.That(All(limit: 5, device: "192.0.2.3:", patience: TimeSpan.Zero), Is.EqualTo(new[] { "192.0.2.3:161" }));
        var once = Browse(5, device: "192.0.2.3:", patience: TimeSpan.Zero);
        Assert.That((once.Lines.Count, once.Older is null, once.BackTo is null), Is.EqualTo((0, false, false)), "it says that it has not looked everywhere");
        Assert.That(Browse(5, device: "192.0.2.3:").Lines, Has.Count.EqualTo(1), "the twin");
    }

    [Test]
    public void A_line_that_is_being_written_is_not_there_yet()
    {
        using (Write(3)) { }
        File.AppendAllText(Directory.GetFiles(Folder).Single(), "{\"n\":6,\"at\":\"2026-");
        Assert.That(Browse(10).Lines, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_file_that_is_compressed_between_being_listed_and_being_opened_is_read_all_the_same_and_one_that_is_gone_is_none()
    {
        using (Write(3)) { }
        var file = Directory.GetFiles(Folder).Single();
        TranscriptFiles.Compress(file);
        using (var reader = TranscriptReader.Open(file)) Assert.That(reader!.Read());
        File.Delete(file + ".gz");
        Assert.That(TranscriptReader.Open(file), Is.Null);
    }

    [Test]
    public void Lines_longer_than_the_buffer_and_many_short_ones_come_whole()
    {
        var lines = new[] { "a", "", new string('x', 300_000), "b", new string('y', 700_000), "c" };
        var file = Path.Combine(Home, "000000000001.jsonl");
        File.WriteAllText(file, string.Join('\n', lines) + "\n");
        using (var raw = File.OpenRead(file))
        using (var packed = new GZipStream(File.Create(file + ".gz"), CompressionLevel.Fastest)) raw.CopyTo(packed);
        foreach (var each in new[] { file, file + ".gz" }) Assert.That(Read(each), Is.EqualTo(lines));

        static List<string> Read(string file)
        {
            using var reader = TranscriptReader.Open(file)!;
            var read = new List<string>();
            while (reader.Read()) read.Add(Encoding.UTF8.GetString(reader.Line.Span));
            return read;
        }
    }

    [Test]
    public void Without_a_transcript_there_is_nothing_and_no_complaint()
    {
        Assert.That(BrowseTranscript.ExtentOf(Folder), Is.EqualTo(new TranscriptExtent(0, null, 0, 0)));
        using (Write(5, fileBytes: 500)) { }
        var extent = BrowseTranscript.ExtentOf(Folder);
        Assert.That((extent.First, extent.Began is null, extent.Files), Is.EqualTo((1L, false, Directory.GetFiles(Folder).Length)), "the twin");
    }

    private Transcript Write(int lines, long fileBytes = 1 << 20)
    {
        var transcript = Transcript.Open(Home, "acme-hq", new(FileBytes: fileBytes), SystemClock);
        for (var n = 0; n < lines; n++) transcript.Asked(["1.3.6.1.2.1.1.1.0", $"1.3.6.1.{n}"], [$"192.0.2.{n}:161"], "7-x");
        return transcript;
    }

    private Browsed<AskedLine> Browse(int limit, long before = long.MaxValue, string device = "", TimeSpan? patience = null)
    {
        var lines = new AskedLines(device, "1.3.6.");
        return new BrowseTranscript(Folder, before, limit, null, null, patience ?? TimeSpan.FromMinutes(1)).Run(lines.Of, SystemClock, CancellationToken.None, lines.NextFile);
    }

    private List<string> All(int limit, string device = "", TimeSpan? patience = null)
    {
        var all = new List<string>();
        for (long? before = long.MaxValue; before is { } at;)
        {
            var page = Browse(limit, at, device, patience);
            Assert.That(page.Lines, Has.Count.LessThanOrEqualTo(limit));
            all.AddRange(page.Lines.Select(line => line.Devices.Single()));
            before = page.Older;
        }
        return all;
    }
}
