using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fleet.Snmp;

namespace Fleet.Testing;

/// <summary>A real SNMP agent as a private process on a loopback port, with its own folder under the temporary one, both gone after the tests.</summary>
public sealed class Peer : IDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string folder;

    private Peer(Process process, string folder, IPEndPoint endPoint) => (this.process, this.folder, EndPoint) = (process, folder, endPoint);

    public IPEndPoint EndPoint { get; }

    /// <summary>Starts it and waits until it answers the question; fails with its own last words otherwise.</summary>
    public static async Task<Peer> StartAsync(string command, Func<string, IPEndPoint, IEnumerable<string>> arguments, string community)
    {
        var folder = Directory.CreateTempSubdirectory("fleet-peer-").FullName;
        var endPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
        var start = new ProcessStartInfo(command) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var argument in arguments(folder, endPoint)) start.ArgumentList.Add(argument);
        var words = new List<string>();
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start");
        process.OutputDataReceived += (_, line) => { lock (words) words.Add(line.Data ?? ""); };
        process.ErrorDataReceived += (_, line) => { lock (words) words.Add(line.Data ?? ""); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        var peer = new Peer(process, folder, endPoint);
        var began = Stopwatch.GetTimestamp();
        using var client = new SnmpClient(new(), TestClock.Real, new Random(7));
        var target = new SnmpTarget(endPoint, SnmpCredential.V2C(community), new(TimeSpan.FromMilliseconds(500), 0));
        while ((await client.GetNextAsync(target, [Oid.Parse("1.3")])).Outcome is not SnmpOutcome.Answered)
        {
            if (!process.HasExited && Stopwatch.GetElapsedTime(began) < StartWithin) continue;     // each round waits for the client's own timeout
            peer.Dispose();
            lock (words) throw new InvalidOperationException($"{command} did not answer on {endPoint}: {string.Join('\n', words.TakeLast(10))}");
        }
        return peer;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit(TimeSpan.FromSeconds(10));
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
