using System.Runtime.Versioning;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using Fleet.Agent.Granting;
using Fleet.Agent.Hearing;
using Fleet.Agent.Keeping;
using Fleet.Agent.Page;
using Fleet.Agent.Transcribing;
using Fleet.Printers;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What the agent keeps in its state directory: its own user's alone, whole or as it was before.</summary>
public class AgentKeepingTests : AgentHome
{

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Whatever_it_keeps_only_its_own_user_may_read_whoever_could_read_what_was_there_before()
    {
        string[] files = ["ranges.json", "withheld.json", "snmp-engine.json", "inventory.json", "page.key"];
        foreach (var file in files) File.WriteAllText(Path.Combine(Home, file), "[]");
        Assert.That(files.Select(ModeOf), Has.All.Not.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), "else this test would show nothing");

        KeepRanges.Load(Config(Home), Around().Log).Set([new("192.0.2.1")]);
        Withhold.Load(Home, SystemClock, Around().Log).Switch(FieldGroups.Supplies, off: true, (_, _, _) => { });
        EngineFile.Next(Home, count => new byte[count]);
        Inventory.Empty.Save(Path.Combine(Home, "inventory.json"));
        new PageKey(new byte[PageKey.Octets]).Write(Home);
        foreach (var file in files) Assert.That(ModeOf(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);

        UnixFileMode ModeOf(string file) => File.GetUnixFileMode(Path.Combine(Home, file));
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Also_in_a_directory_everybody_may_look_into_what_it_knows_and_has_sent_is_its_own_users()
    {
        File.SetUnixFileMode(Home, File.GetUnixFileMode(Home) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.WriteAllText(Path.Combine(Home, "agent.db"), "");      // of an earlier version, that left it to the umask
        using var spool = Open(Home);
        spool.Accept(Entry("one"));
        using (var transcript = Transcript.Open(Home, "acme-hq", new(FileBytes: 200), SystemClock))
            for (var n = 0; n < 5; n++) transcript.Asked(["1.3.6.1.2.1.1.1.0"], ["192.0.2.1:161"], "1-x");
        var files = Directory.GetFiles(Home, "agent.db*").Concat(Directory.GetFiles(Path.Combine(Home, Transcript.FolderName))).ToList();
        Assert.That(files.Select(Path.GetExtension), Does.Contain(".db").And.Contain(".db-wal").And.Contain(".jsonl").And.Contain(".gz"));
        foreach (var file in files) Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
    }

    [Test]
    public void What_cannot_be_written_leaves_what_was_there()
    {
        var file = Path.Combine(Home, "kept");
        OwnFile.Write(file, "old");
        Directory.CreateDirectory(file + ".new");       // in the way
        Assert.That(() => OwnFile.Write(file, "new"), Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(File.ReadAllText(file), Is.EqualTo("old"));
        Directory.Delete(file + ".new");
        File.WriteAllText(file + ".new", "half of one that was killed, and longer");
        OwnFile.Write(file, "new");
        Assert.That((File.ReadAllText(file), File.Exists(file + ".new")), Is.EqualTo(("new", false)), "the twin");
    }
}
