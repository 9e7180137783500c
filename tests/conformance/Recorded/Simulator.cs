namespace Fleet.Conformance.Tests.Recorded;

/// <summary>Debian's snmpsimd over the shared recordings, one process for all tests of this namespace.</summary>
[SetUpFixture]
public class Simulator
{
    private static Peer? peer;

    internal static Peer Peer => peer ?? throw new InvalidOperationException("snmpsimd was not started");

    [OneTimeSetUp]
    public async Task Start()
    {
        if (Needs.Captures is not { } captures)
        {
            Needs.Missing("no shared/captures beside the repository");
            return;
        }
        peer = await Peer.StartAsync(Needs.Program("snmpsimd"), (folder, endPoint) =>
        {
            // It drops its rights and then reads: copies that anyone can read, in a folder that goes away with it.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            foreach (var file in Directory.EnumerateFiles(captures, "*.snmprec")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            string[] rights = Environment.UserName == "root" ? ["--process-user=nobody", "--process-group=nogroup"] : [];
            return [.. rights, $"--data-dir={folder}", $"--cache-dir={folder}/cache", $"--agent-udpv4-endpoint={endPoint}", "--logging-method=null"];
        }, community: "sharp");
    }

    [OneTimeTearDown]
    public void Stop() => peer?.Dispose();
}
