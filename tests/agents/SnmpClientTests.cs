using System.Net;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

public class SnmpClientTests
{
    private static readonly Oid SysDescr = Oid.Parse("1.3.6.1.2.1.1.1.0"), Column1 = Oid.Parse("1.3.6.1.9.1"), Column2 = Oid.Parse("1.3.6.1.9.2");

    // Rows 1.1, 1.3 and 2.1; the second column misses 1.3. One object follows behind the table.
    internal static readonly Dictionary<string, SnmpValue> Objects = new()
    {
        ["1.3.6.1.2.1.1.1.0"] = SnmpValue.OctetString("A printer"),
        ["1.3.6.1.9.1.1.1"] = SnmpValue.Integer32(11),
        ["1.3.6.1.9.1.1.3"] = SnmpValue.Integer32(13),
        ["1.3.6.1.9.1.2.1"] = SnmpValue.Integer32(21),
        ["1.3.6.1.9.2.1.1"] = SnmpValue.OctetString("a"),
        ["1.3.6.1.9.2.2.1"] = SnmpValue.OctetString("c"),
        ["1.3.6.1.10.1"] = SnmpValue.Integer32(99)
    };

    // How long a test may wait for what must come at once.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly SnmpManualClock clock = new();

    private SnmpClient Client(SnmpClientOptions? options = null) => new(options ?? new(), clock, new Random(42));

    [Test]
    public async Task A_get_answers_every_name_in_the_order_asked([Values(SnmpVersion.V1, SnmpVersion.V2C)] SnmpVersion version)
    {
        using var device = SnmpScriptedDevice.Holding(Objects);
        using var client = Client();
        Oid[] names = [Oid.Parse("1.3.6.1.77.0"), SysDescr, Oid.Parse("1.3.6.1.78.0"), Oid.Parse("1.3.6.1.10.1")];
        var reply = await client.GetAsync(device.Target(new SnmpCredential.Community(version, "public"u8.ToArray())), names);
        Assert.That(reply.Outcome, Is.EqualTo(SnmpOutcome.Answered));
        Assert.That(reply.VarBinds.Select(v => v.Name), Is.EqualTo(names));
        Assert.That(reply.VarBinds.Select(v => v.Value.IsMissing), Is.EqualTo(new[] { true, false, true, false }));
        Assert.That(device.Unread, Is.EqualTo(version is SnmpVersion.V1 ? 3 : 1), "v1 needs one more packet for each missing name");
    }

    [Test]
    public async Task Too_big_is_asked_again_in_halves()
    {
        using var device = SnmpScriptedDevice.Holding(Objects, maxVarBinds: 2);
        using var client = Client();
        var reply = await client.GetAsync(device.Target(), [.. Objects.Keys.Select(Oid.Parse)]);
        Assert.That(reply.VarBinds.Select(v => v.Value), Is.EqualTo(Objects.Values));
    }

    [Test]
    public async Task Columns_are_joined_by_index([Values(SnmpVersion.V1, SnmpVersion.V2C)] SnmpVersion version, [Values(1, 3, 50)] int valuesPerAnswer)
    {
        if (version is SnmpVersion.V1 && valuesPerAnswer == 1) Assert.Pass("a v1 answer has every name or an error");
        using var device = SnmpScriptedDevice.Holding(Objects, valuesPerAnswer);
        using var client = Client();
        var table = await client.TableAsync(device.Target(new SnmpCredential.Community(version, default)), [Column1, Column2]);
        Assert.That(table.Outcome, Is.EqualTo(SnmpOutcome.Answered));
        Assert.That(table.Rows(Column1, Column2).Select(row => row.ToString()), Is.EqualTo(new[] { "1.1", "1.3", "2.1" }));
        Assert.That(table[Column2, Oid.Parse("2.1")], Is.EqualTo(SnmpValue.OctetString("c")));
        Assert.That(table[Column2, Oid.Parse("1.3")].IsMissing, Is.True, "the row above must not slide down");
    }

    [Test]
    public async Task A_walk_reads_what_is_below_its_root_and_stops_there()
    {
        using var device = SnmpScriptedDevice.Holding(Objects);
        using var client = Client();
        var walk = await client.WalkAsync(device.Target(), Oid.Parse("1.3.6.1.9"));
        Assert.That(walk.VarBinds.Select(v => v.Name.ToString()), Is.EqualTo(Objects.Keys.Where(k => k.StartsWith("1.3.6.1.9.", StringComparison.Ordinal))));
    }

    [Test]
    public async Task Devices_are_asked_over_ipv6_as_well()
    {
        if (!System.Net.Sockets.Socket.OSSupportsIPv6) Assert.Ignore("this machine has no IPv6");
        using var device = new SnmpScriptedDevice(request => [SnmpScriptedDevice.Answer(Objects, request)], IPAddress.IPv6Loopback);
        using var client = Client();
        Assert.That((await client.GetAsync(device.Target(), [SysDescr]).WaitAsync(Bound)).VarBinds[0].Value, Is.EqualTo(SnmpValue.OctetString("A printer")));
    }

    [Test]
    public async Task A_device_never_has_more_unanswered_requests_than_its_window()
    {
        using var device = new SnmpScriptedDevice(_ => []);
        using var client = Client(new() { Window = 3 });
        var readings = Enumerable.Range(0, 9).Select(_ => client.GetAsync(device.Target(seconds: 1), [SysDescr])).ToArray();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 3; i++) await device.RequestAsync();
            Assert.That((device.Unread, clock.Armed), Is.EqualTo((0, 3)));
            clock.Advance(TimeSpan.FromSeconds(2));
        }
        await Task.WhenAll(readings).WaitAsync(Bound);
    }

    [Test]
    public async Task A_device_that_answers_at_once_is_still_asked_no_faster_than_its_pace()
    {
        using var device = SnmpScriptedDevice.Holding(Objects);
        using var other = SnmpScriptedDevice.Holding(Objects);
        using var client = Client(new() { Window = 1, Pace = TimeSpan.FromSeconds(1) });
        await client.GetAsync(device.Target(), [SysDescr]).WaitAsync(Bound);
        var next = client.GetAsync(device.Target(), [SysDescr]);
        await client.GetAsync(other.Target(), [SysDescr]).WaitAsync(Bound);
        Assert.That((device.Unread, next.IsCompleted, clock.Armed), Is.EqualTo((1, false, 2)), "one place each, still taken");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That((await next.WaitAsync(Bound)).Outcome, Is.EqualTo(SnmpOutcome.Answered));
    }

    [Test]
    public async Task A_slow_device_holds_no_other_back()
    {
        using var slow = new SnmpScriptedDevice(_ => []);
        using var quick = SnmpScriptedDevice.Holding(Objects);
        using var client = Client(new() { Window = 1, MaxInFlight = 2 });
        var waiting = Enumerable.Range(0, 50).Select(_ => client.GetAsync(slow.Target(), [SysDescr])).ToArray();
        Assert.That((await client.GetAsync(quick.Target(), [SysDescr])).Outcome, Is.EqualTo(SnmpOutcome.Answered));
        client.Dispose();
        Assert.That((await Task.WhenAll(waiting).WaitAsync(Bound)).Select(reply => reply.Outcome), Is.All.EqualTo(SnmpOutcome.Unreachable), "disposing ends all that wait");
    }

    [Test]
    public async Task Thousands_are_in_flight_at_once()
    {
        const int count = 3_000;
        using var device = SnmpScriptedDevice.Holding(Objects);
        using var client = Client(new() { Window = 20, MaxInFlight = 4096 });
        var replies = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.GetAsync(device.Target(), [SysDescr])));
        Assert.That(replies.Select(r => r.VarBinds[0].Value), Is.All.EqualTo(Objects["1.3.6.1.2.1.1.1.0"]));
    }

    [Test]
    public async Task Cancelling_ends_the_wait_and_frees_the_window()
    {
        using var device = new SnmpScriptedDevice(_ => []);
        using var client = Client(new() { Window = 1 });
        using var enough = new CancellationTokenSource();
        var cancelled = client.GetAsync(device.Target(), [SysDescr], enough.Token);
        await device.RequestAsync();
        await enough.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        _ = client.GetAsync(device.Target(), [SysDescr]);
        await device.RequestAsync();
    }

    [TestCase("255.255.255.255")]
    [TestCase("224.0.0.1")]
    [TestCase("0.0.0.0")]
    [TestCase("ff02::1")]
    [TestCase("::")]
    public void Only_one_device_can_be_a_target(string address) =>
        Assert.Throws<ArgumentException>(() => new SnmpTarget(new(IPAddress.Parse(address), 161), SnmpCredential.V2C("public")));

    [Test]
    public async Task Every_question_is_seen_before_it_leaves()
    {
        using var device = SnmpScriptedDevice.Holding(Objects);
        var asked = new List<(IPEndPoint, Oid)>();
        using var client = Client(new() { Asked = (to, pdu) => asked.AddRange(pdu.VarBinds.Select(v => (to, v.Name))) });
        await client.GetAsync(device.Target(), [SysDescr]);
        Assert.That(asked, Is.EqualTo(new[] { (device.EndPoint, SysDescr) }));
    }
}
