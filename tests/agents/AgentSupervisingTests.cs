using System.Net.Sockets;
using System.Text;
using Fleet.Agent.Supervising;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What systemd is told of a service, and that nothing of it ends the service. (Of the packed program under its own unit: AgentPackageTests.)</summary>
public class AgentSupervisingTests : AgentHome
{
    [Test]
    public async Task While_it_cannot_tell_how_it_is_there_is_no_beat_and_afterwards_there_is()
    {
        var file = Path.Combine(Home, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(file));
        var asked = 0;
        using var stop = new CancellationTokenSource();
        var manager = new ServiceManager(name => name switch { "NOTIFY_SOCKET" => file, "WATCHDOG_USEC" => "100000", _ => null }, SystemClock);
        var serving = manager.WhileAsync(cancel => Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default),
            () => asked++ == 1 ? throw new InvalidDataException("the disk\nis gone") : "well", stop.Token);
        Assert.That(await TakeAsync(4), Is.EqualTo(new[] { "READY=1", "WATCHDOG=1\nSTATUS=well", "STATUS=it cannot tell how it is: the disk is gone", "WATCHDOG=1\nSTATUS=well" }));
        await stop.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(10));

        async Task<List<string>> TakeAsync(int count)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            var (said, buffer) = (new List<string>(), new byte[1024]);
            while (said.Count < count) said.Add(Encoding.UTF8.GetString(buffer.AsSpan(0, await systemd.ReceiveAsync(buffer, patience.Token))));
            return said;
        }
    }

    [Test]
    public async Task Without_systemd_nobody_is_told_and_a_manager_that_is_gone_ends_nothing()
    {
        foreach (var socket in new[] { null, "", "nonsense", Path.Combine(Home, "gone") })
        {
            var ran = false;
            await new ServiceManager(name => name == "NOTIFY_SOCKET" ? socket : null, SystemClock).WhileAsync(_ => Task.FromResult(ran = true), () => "well", CancellationToken.None);
            Assert.That(ran, Is.True, socket);
        }
    }

    [Test]
    public void What_ends_the_service_comes_through() => Assert.ThrowsAsync<InvalidDataException>(() =>
        new ServiceManager(name => name == "NOTIFY_SOCKET" ? Path.Combine(Home, "gone") : null, SystemClock)
            .WhileAsync(_ => throw new InvalidDataException("broken"), () => "well", CancellationToken.None));
}
