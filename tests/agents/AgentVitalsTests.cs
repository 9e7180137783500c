using System.Net.Sockets;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What a running agent says of itself, how it is asked, and what the doctor makes of it.</summary>
public class AgentVitalsTests : AgentHome
{
    private static readonly Vitals Well = new(
        "acme-hq", "1.2.3", Noon.AddHours(-3), new(Noon.AddMinutes(-4), Noon.AddMinutes(16)), new(Noon.AddSeconds(-12), null, "identity, counters", "devices may be asked for identity, counters"),
        new(true, Noon.AddSeconds(-30), null), new Tally(100, 2, 0), new(12, []));

    private static readonly Failure Gone = new(FailureKind.NotEnrolled, "agent acme-hq is no longer enrolled");


    [Test]
    public void All_is_well_says_so_with_times()
    {
        var found = Examine(Well);
        Assert.That(found.Select(one => (one.Check, one.IsWell)), Is.EqualTo(new[] { ("state", true), ("token", true), ("grant", true), ("broker", true), ("snmp", true) }), string.Join('\n', found));
        Assert.That(found.Select(one => one.What), Is.EqualTo(new[]
        {
            "agent acme-hq 1.2.3 runs from state, for 3 h 0 min",
            "the running agent got one 4 min 0 s ago, good for 16 min 0 s more",
            "devices may be asked for identity, counters (the running agent asked 12 s ago)",
            "the running agent is connected, last confirm 30 s ago, 2 events wait",
            "the running agent visits 12 devices, 0 of them silent"
        }));
    }

    [Test]
    public void Whatever_is_not_well_is_named_with_a_fix()
    {
        Assert.That(Failing(Well with { Token = null, Link = new(false, null, Gone) }), Is.EqualTo(new[] { "token", "broker" }));
        Assert.That(Failing(Well with { Token = new(Noon.AddMinutes(-20), Noon) }), Is.EqualTo(new[] { "token" }), "a token that is over is none");
        Assert.That(Failing(Well with { Grant = Well.Grant with { AnsweredAt = Noon.AddMinutes(-3) } }), Is.EqualTo(new[] { "grant" }));
        Assert.That(Failing(Well with { Grant = new(null, null, null, "no new grant: refused") }), Is.EqualTo(new[] { "grant" }));
        Assert.That(Failing(Well with { Grant = Well.Grant with { Open = null } }), Is.EqualTo(new[] { "grant" }));
        Assert.That(Failing(Well with { Grant = Well.Grant with { Open = null, HeldBy = "acme-hq-2" } }), Is.Empty, "a second agent that waits is well");
        Assert.That(Failing(Well with { Link = Well.Link with { IsConnected = false } }), Is.EqualTo(new[] { "broker" }));
        Assert.That(Failing(Well with { Link = Well.Link with { Trouble = Gone } }), Is.EqualTo(new[] { "broker" }), "connected, and one lane rests");
        Assert.That(Failing(Well with { Link = Well.Link with { ConfirmedAt = Noon.AddMinutes(-11) } }), Is.EqualTo(new[] { "broker" }));
        Assert.That(Failing(Well with { Link = Well.Link with { ConfirmedAt = Noon.AddMinutes(-11) }, Tally = new(100, 0, 0) }), Is.Empty, "nothing to send");
        Assert.That(Failing(Well with { Devices = new(12, ["192.0.2.7"]) }), Is.EqualTo(new[] { "snmp" }));
        Assert.That(Examine(Well with { Token = null, Link = new(false, null, Gone) })[1].Fix, Does.Contain("fleet-agent enrol"));
    }

    [Test]
    public async Task Who_may_open_the_state_directory_is_told_as_often_as_he_asks_until_the_agent_ends()
    {
        await File.WriteAllTextAsync(Path.Combine(Home, TellVitals.FileName), "left behind by one that was killed");
        Assert.That(await AskVitals.OfAsync(Home, CancellationToken.None), Is.Null);
        var said = Well;
        await using (var telling = TellVitals.Open(Home, () => said, Around().Log))
        {
            for (var time = 0; time < 3; time++)
            {
                said = said with { Link = new(false, null, Gone), Tally = new(time, 0, 0) };
                Assert.That(Examine((await AskVitals.OfAsync(Home, CancellationToken.None))!), Is.EqualTo(Examine(said)));
            }
            using (var rude = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)) await rude.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Home, TellVitals.FileName)));
            Assert.That(await AskVitals.OfAsync(Home, CancellationToken.None), Is.Not.Null, "who goes away without listening harms nobody");
            if (!OperatingSystem.IsWindows()) Assert.That(File.GetUnixFileMode(Path.Combine(Home, TellVitals.FileName)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
        Assert.That((await AskVitals.OfAsync(Home, CancellationToken.None), File.Exists(Path.Combine(Home, TellVitals.FileName))), Is.EqualTo(((Vitals?)null, false)), "the twin");
    }

    [Test]
    public async Task What_cannot_be_found_out_is_a_line_and_the_next_who_asks_is_told()
    {
        var (lines, asked) = (new StringWriter(), 0);
        await using var telling = TellVitals.Open(Home, () => asked++ == 0 ? throw new InvalidDataException("the disk") : Well, Around(lines).Log);
        Assert.That(await AskVitals.OfAsync(Home, CancellationToken.None), Is.Null);
        Assert.That(lines.ToString(), Does.Contain("agent.sock: InvalidDataException: the disk"));
        Assert.That(await AskVitals.OfAsync(Home, CancellationToken.None), Is.Not.Null);
    }

    [Test]
    public void Where_no_socket_can_be_it_is_a_line_and_nothing_else()
    {
        var (lines, deep) = (new StringWriter(), Directory.CreateDirectory(Path.Combine(Home, new string('d', 120))).FullName);
        Assert.That(TellVitals.Open(deep, () => Well, Around(lines).Log), Is.Null);
        Assert.That(lines.ToString(), Does.Contain("a doctor beside this agent is told nothing of it"));
    }

    private static IReadOnlyList<Finding> Examine(Vitals said)
    {
        var running = new ExamineRunning(said, Config("state"), Noon);
        return [running.State, running.Token, running.Grant, running.Broker, running.Devices];
    }

    private static IEnumerable<string> Failing(Vitals said) => Examine(said).Where(found => found.Fix is { Length: > 10 }).Select(found => found.Check);
}
