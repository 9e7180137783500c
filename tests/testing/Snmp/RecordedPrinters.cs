using NUnit.Framework;

namespace Fleet.Testing;

/// <summary>
/// Debian's snmpsimd over the shared recordings of real printers (file name = community), one process for all tests of an assembly. A test project has one
/// line for it: <c>[SetUpFixture] public class Recordings : RecordedPrinters;</c>
/// </summary>
public abstract class RecordedPrinters
{
    /// <summary>It answers on all of these, on the peer's port: devices without a serial number are told apart by address.</summary>
    public static readonly IReadOnlyList<string> Addresses = [.. Enumerable.Range(1, 9).Select(i => $"127.0.0.{i}")];

    private static Peer? peer;

    public static Peer Peer => peer ?? throw new InvalidOperationException("snmpsimd was not started");

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
            return [.. rights, $"--data-dir={folder}", $"--cache-dir={folder}/cache", .. Addresses.Select(address => $"--agent-udpv4-endpoint={address}:{endPoint.Port}"), "--logging-method=null"];
        }, community: "sharp");
    }

    [OneTimeTearDown]
    public void Stop() => peer?.Dispose();
}
