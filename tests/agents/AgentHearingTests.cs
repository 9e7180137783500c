using System.Net;
using System.Net.Sockets;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Hearing;
using Fleet.Agent.Polling;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>A trap brings a visit forward, and does nothing else.</summary>
public class AgentHearingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TrapsConfig Loopback = new(["alarms"], 0, "127.0.0.1") { Opens = [SnmpCredential.V2C("alarms")] };

    private readonly SnmpManualClock clock = new();
    private string folder = "";
    private Surroundings around = null!;

    [SetUp]
    public void Start() => (folder, around) = (Directory.CreateTempSubdirectory("fleet-hearing-").FullName, new(clock, new Random(3).NextBytes, new(TextWriter.Null, clock)));

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_device_that_calls_is_looked_at_before_its_time_and_in_a_storm_once()
    {
        var looks = new List<Look>();
        var cadence = new Cadence(TimeSpan.FromHours(5), TimeSpan.FromHours(5), TimeSpan.FromHours(1));
        var poll = new PollDevices([Target.Of(new("127.0.0.5"), [])], cadence, (_, look, _) => { lock (looks) looks.Add(look); return Task.FromResult(new Found(true, null, null)); }, clock, around.Log);
        using var stop = new CancellationTokenSource();
        var polling = poll.RunAsync(stop.Token);
        await Eventually(() => { clock.Advance(TimeSpan.FromMilliseconds(1)); return Count() == 1; });

        await Eventually(() => poll.LookNow("127.0.0.5"));
        Assert.That((poll.LookNow("127.0.0.5"), poll.LookNow("127.0.0.6"), Count()), Is.EqualTo((false, false, 1)), "it has called before; nobody is there; and ten seconds must pass");
        await Eventually(() => { clock.Advance(TimeSpan.FromSeconds(1)); return Count() == 2; });
        await Eventually(() => clock.Armed > 0);
        for (var minute = 0; minute < 50; minute++) clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(looks, Is.EqualTo(new[] { Look.Everything, Look.Status }));
        await stop.CancelAsync();
        await polling.WaitAsync(Bound);

        int Count()
        {
            lock (looks) return looks.Count;
        }
    }

    [Test]
    public async Task A_trap_names_its_sender()
    {
        using var traps = new HearTraps(Loopback, folder, around);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.7"), 0));
        sender.SendTo(Trap("public"), traps.EndPoint);
        sender.SendTo(Trap("alarms"), traps.EndPoint);
        var called = new List<string>();
        using var stop = new CancellationTokenSource();
        var hearing = traps.RunAsync(address => { called.Add(address); stop.Cancel(); return true; }, stop.Token);
        await hearing.WaitAsync(Bound);
        Assert.That(called, Is.EqualTo(new[] { "127.0.0.7" }));
    }

    [Test]
    public void A_port_that_is_taken_is_said_in_one_line()
    {
        using var first = new HearTraps(Loopback, folder, around);
        var wrong = Assert.Throws<ConfigException>(() => new HearTraps(Loopback with { Port = first.EndPoint.Port }, folder, around).Dispose());
        Assert.That(wrong!.Message, Does.StartWith($"traps.port: cannot listen on 127.0.0.1, UDP port {first.EndPoint.Port}").And.Not.Contain("\n"));
    }

    [Test]
    public void The_engine_keeps_its_id_and_counts_its_starts()
    {
        var (id, boots) = EngineFile.Next(folder, around.FreshBytes);
        Assert.That((boots, EngineFile.Next(folder, around.FreshBytes), EngineFile.Next(folder, around.FreshBytes)), Is.EqualTo((1, (id, 2), (id, 3))));
        foreach (var broken in new[] { "", "{}", "{\"id\":\"xyz\",\"boots\":3}", "{\"id\":\"01\",\"boots\":3}", $"{{\"id\":\"{id}\",\"boots\":{int.MaxValue}}}" })
        {
            File.WriteAllText(Path.Combine(folder, "snmp-engine.json"), broken);
            var made = EngineFile.Next(folder, around.FreshBytes);
            Assert.That((made.Boots, made.Id != id), Is.EqualTo((1, true)), broken);
        }
    }

    private static byte[] Trap(string community) => new SnmpMessage(SnmpVersion.V2C, System.Text.Encoding.UTF8.GetBytes(community), new(PduType.Trap, 1, 0, 0,
        [new(Oid.Parse("1.3.6.1.2.1.1.3.0"), SnmpValue.TimeTicks(1)), new(Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), SnmpValue.Oid(Oid.Parse("1.3.6.1.6.3.1.1.5.1")))])).Encode();

    private static async Task Eventually(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(Bound);
        while (!isSo()) await Task.Delay(1, deadline.Token);
    }
}
