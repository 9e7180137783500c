using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Sweeps over real UDP on loopback addresses, and what a rescan makes of the difference.</summary>
public class DiscoverSweepTests
{
    private string directory = "";

    [SetUp]
    public void Create() => directory = FreshDirectory();

    [TearDown]
    public void Delete() => Directory.Delete(directory, recursive: true);

    [Test]
    public async Task New_moved_and_vanished_printers_are_told_and_the_rest_is_counted()
    {
        var words = new StringWriter();
        using var net = new Net(directory, words, "127.77.1.0/28 !127.77.1.9");
        net.Put("127.77.1.2", Printer("S-1"));
        net.Put("127.77.1.3", Printer("S-2"));
        net.Put("127.77.1.4", new PrintersDevice().Is("1.3.6.1.4.1.9.1.1208", "Cisco"));
        net.Put("127.77.1.5", new PrintersDevice().Is("1.3.6.1.4.1.318.1.3.27", "APC"));
        net.Put("127.77.1.9", Printer("S-9"));
        var first = await net.SweepAsync(Inventory.Empty);
        Assert.That(first.Printers.Select(one => one.Address), Is.EqualTo(new[] { "127.77.1.2", "127.77.1.3" }));
        Assert.That(words.ToString(), Does.Contain("13 addresses asked, 4 answered, 2 printers (2 new, 0 moved, 0 vanished); left out: 1 network, 1 ups")
            .And.Contain("new: Kyocera S-1 at 127.77.1.2"), "the excluded address was not asked, nor the network's own two");

        net.Take("127.77.1.2");
        net.Take("127.77.1.3");
        net.Put("127.77.1.6", Printer("S-1"));
        var second = await net.SweepAsync(first);
        Assert.That(words.ToString(), Does.Contain("(0 new, 1 moved, 1 vanished)").And.Contain("moved: Kyocera S-1 from 127.77.1.2 to 127.77.1.6").And.Contain("vanished: Kyocera S-2, last at 127.77.1.3"));
        Assert.That((net.Discover.Last!.New, net.Discover.Last.Moved, net.Discover.Last.Vanished), Is.EqualTo((0, 1, 1)));
        Assert.That(second.Printers.Single(one => one.Address == "127.77.1.3").MissingSince, Is.Not.Null, "still asked: it may be switched off");

        net.Put("127.77.1.3", Printer("S-2"));
        Assert.That((await net.SweepAsync(second)).Printers.Select(one => one.MissingSince), Is.All.Null);
        Assert.That(words.ToString(), Does.Contain("back: Kyocera S-2 at 127.77.1.3"));
    }

    [Test]
    public async Task No_packet_reaches_what_is_excluded_or_a_networks_own_addresses()
    {
        var asked = new ConcurrentBag<string>();
        using var net = new Net(directory, TextWriter.Null, "127.77.2.0/29 !127.77.2.4", asked);
        await net.SweepAsync(Inventory.Empty);
        Assert.That(asked.Order(), Is.EqualTo(new[] { "127.77.2.1", "127.77.2.2", "127.77.2.3", "127.77.2.5", "127.77.2.6" }));
    }

    [Test]
    public async Task A_second_community_is_tried_only_where_the_first_was_met_with_silence()
    {
        var asked = new ConcurrentBag<string>();
        using var net = new Net(directory, TextWriter.Null, ["127.77.3.1-2", "127.77.3.1-3"], asked);
        net.Put("127.77.3.1", Printer("S-1"));
        await net.SweepAsync(Inventory.Empty);
        Assert.That(asked.Count(address => address == "127.77.3.1"), Is.LessThanOrEqualTo(1 + 4), "seen once, named once");
        Assert.That(asked.Count(address => address == "127.77.3.2"), Is.EqualTo(2));
        Assert.That(asked.Count(address => address == "127.77.3.3"), Is.EqualTo(1));
    }

    [Test]
    public async Task Host_names_are_looked_up_and_an_unknown_one_is_a_line()
    {
        var words = new StringWriter();
        using var net = new Net(directory, words, "printer.example nowhere.example gate.example !door.example");
        net.Names["printer.example"] = "127.77.4.2";
        net.Names["gate.example"] = net.Names["door.example"] = "127.77.4.3";
        net.Put("127.77.4.2", Printer("S-1"));
        net.Put("127.77.4.3", Printer("S-2"));
        Assert.That((await net.SweepAsync(Inventory.Empty)).Printers.Select(one => one.Address), Is.EqualTo(new[] { "127.77.4.2" }));
        Assert.That(words.ToString(), Does.Contain("no address is known for nowhere.example"));
    }

    [Test]
    public async Task Without_a_grant_nothing_is_asked_and_it_says_so()
    {
        var (asked, words) = (new ConcurrentBag<string>(), new StringWriter());
        using var net = new Net(directory, words, "127.77.5.0/29", asked) { Allowed = FieldGroups.Counters };
        await net.SweepAsync(Inventory.Empty);
        Assert.That(asked, Is.Empty);
        Assert.That(words.ToString(), Does.Contain("no grant allows"));
    }

    [Test]
    public async Task A_grant_that_names_devices_otherwise_makes_none_vanish()
    {
        var words = new StringWriter();
        using var net = new Net(directory, words, "127.77.7.1-2");
        net.Put("127.77.7.1", Printer("S-1"));
        var named = await net.SweepAsync(Inventory.Empty);
        net.Allowed = FieldGroups.Status;
        net.Take("127.77.7.1");
        net.Put("127.77.7.1", Printer("S-1").Row(1, 5));
        var nameless = await net.SweepAsync(named);
        Assert.That((nameless.Printers.Count, net.Discover.Last!.Vanished), Is.EqualTo((1, 0)));
        Assert.That(words.ToString(), Does.Not.Contain("vanished: "));
    }

    [Test]
    public async Task After_a_restart_the_known_printers_are_followed_at_once_and_swept_a_day_later()
    {
        using (var net = new Net(directory, TextWriter.Null, "127.77.6.1-2"))
        {
            net.Put("127.77.6.1", Printer("S-1"));
            using var stop = new CancellationTokenSource();
            var running = net.Discover.RunAsync(stop.Token);
            await Eventually(() => File.Exists(Path.Combine(directory, "inventory.json")), "the inventory");
            await stop.CancelAsync();
            await running;
        }
        var asked = new ConcurrentBag<string>();
        using var again = new Net(directory, TextWriter.Null, "127.77.6.1-2", asked);
        using var end = new CancellationTokenSource();
        var second = again.Discover.RunAsync(end.Token);
        Assert.That(again.Followed.Single().Select(target => target.Address), Is.EqualTo(new[] { "127.77.6.1" }));
        Assert.That(asked, Is.Empty, "the last sweep was today");
        await end.CancelAsync();
        await second;

        using var others = new Net(directory, TextWriter.Null, "127.77.6.1-3", asked);
        using var stopped = new CancellationTokenSource();
        var third = others.Discover.RunAsync(stopped.Token);
        await Eventually(() => asked.Contains("127.77.6.3"), "other ranges to be swept at once");
        await stopped.CancelAsync();
        await third;
    }

    [Test]
    public async Task Other_ranges_count_at_once_and_whose_address_is_left_out_is_not_followed_any_more()
    {
        var asked = new ConcurrentBag<string>();
        using var net = new Net(directory, TextWriter.Null, "127.77.8.1-3", asked);
        net.Put("127.77.8.1", Printer("S-1"));
        net.Put("127.77.8.2", Printer("S-2"));
        net.Put("127.77.8.9", Printer("S-9"));
        using var stop = new CancellationTokenSource();
        var running = net.Discover.RunAsync(stop.Token);
        await net.FollowsAsync("127.77.8.1 127.77.8.2");

        var before = net.Followed.Count;
        asked.Clear();
        net.Ranges.Set([new("127.77.8.1-9 !127.77.8.2", net.Ranges.Now.Ranges[0].Port)]);
        await Eventually(() => net.Followed.Count > before, "the first to go");
        Assert.That(net.Followed[before].Select(target => target.Address), Is.EqualTo(new[] { "127.77.8.1" }), "before any sweep");
        await net.FollowsAsync("127.77.8.1 127.77.8.9");
        Assert.That(asked, Does.Not.Contain("127.77.8.2"));

        net.Ranges.Forget();
        await net.FollowsAsync("127.77.8.1 127.77.8.2");
        net.Ranges.Set([]);
        await net.FollowsAsync("");
        await stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task A_sweep_that_is_called_for_does_not_wait_for_tomorrow()
    {
        using var net = new Net(directory, TextWriter.Null, "127.77.9.1-2");
        using var stop = new CancellationTokenSource();
        var running = net.Discover.RunAsync(stop.Token);
        await Eventually(() => net.Discover.Known.At is not null, "the first sweep");
        net.Put("127.77.9.1", Printer("S-1"));
        net.Discover.SweepNow();
        await net.FollowsAsync("127.77.9.1");
        await stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task Sweeps_come_in_their_turn_and_in_the_agents_place_behind_it_and_drift_by_nothing()
    {
        var clock = new SnmpManualClock();
        using var net = new Net(directory, TextWriter.Null, ["127.77.11.1"], clock: clock, salt: 2);
        net.Put("127.77.11.1", Printer("S-1"));
        using var stop = new CancellationTokenSource();
        var running = net.Discover.RunAsync(stop.Token);
        await Eventually(() => net.Followed.Count >= 2, "the first sweep");
        var begin = net.Discover.Known.At!.Value;
        var behind = TimeSpan.FromMinutes(5) * Fleet.Agent.Scheduling.Place.Of(Target.NameOf("discovery", [2]));
        Assert.That(behind, Is.GreaterThan(TimeSpan.FromMinutes(1)), "else this test would show nothing");
        for (var day = 1; day <= 4; day++)
        {
            var (turn, before) = (begin + behind + TimeSpan.FromDays(day), net.Followed.Count);
            await Eventually(() => clock.Armed > 0, "the wait for the next turn");
            clock.Advance(turn - clock.GetUtcNow() - TimeSpan.FromSeconds(1));
            Assert.That(net.Discover.Known.At, Is.LessThan(turn), "not early");
            await Eventually(() => { clock.Advance(TimeSpan.FromSeconds(1)); return net.Followed.Count >= before + 2; }, $"sweep {day}");
            Assert.That(net.Discover.Known.At!.Value - turn, Is.InRange(TimeSpan.Zero, TimeSpan.FromSeconds(20)), $"sweep {day}");
        }
        await stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task A_group_taken_away_in_the_middle_of_a_sweep_is_in_none_of_its_later_questions()
    {
        using var silent = new SnmpScriptedDevice(_ => [], new IPEndPoint(IPAddress.Any, 0));
        var objects = new ConcurrentQueue<(string Address, bool AsksIdentity)>();
        var withhold = Fleet.Agent.Granting.Withhold.Load(directory, SystemClock, Around().Log);
        using var client = new SnmpClient(new(Asked: (to, pdu) => objects.Enqueue((to.Address.ToString(), pdu.VarBinds.Any(one => one.Name == Oid.Parse("1.3.6.1.2.1.1.1.0"))))), SystemClock, new Random(3));
        var config = Config(directory) with { Ranges = [new("127.77.10.1-127.77.10.254", silent.EndPoint.Port)] };
        var sweep = new SweepRanges(new(client, Profiles.BuiltIn), (_, _) => throw new SocketException(), SystemClock);
        var discover = new DiscoverDevices(config, KeepRanges.Load(config, Around().Log), [1], sweep, new(client, Profiles.BuiltIn), () => withhold.Mask(OpenGrant), _ => { }, SystemClock, Around().Log);
        using var stop = new CancellationTokenSource();
        var running = discover.RunAsync(stop.Token);
        await Eventually(() => objects.Count >= 254, "every address to be asked");
        Assert.That(objects.All(one => one.AsksIdentity), "the twin");
        var before = objects.Count;     // first: the new sweep may ask before this thread goes on
        withhold.Switch(FieldGroups.Identity, off: true, (_, _, _) => { });
        await Eventually(() => objects.Count >= before + 254, "the sweep to begin anew");
        Assert.That(objects.Skip(before).Any(one => one.AsksIdentity), Is.False);
        await stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task Who_leaves_the_list_is_no_longer_visited()
    {
        var visited = new ConcurrentDictionary<string, int>();
        var (one, two) = (Target.Of(new("127.0.0.1"), [1]), Target.Of(new("127.0.0.2"), [1]));
        var every = new Cadence(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        var poll = new PollDevices([], every, (target, _, _) => { visited.AddOrUpdate(target.Address, 1, (_, times) => times + 1); return Task.FromResult(new Found(true, null, "1-x")); }, SystemClock, Around().Log);
        using var stop = new CancellationTokenSource();
        var running = poll.RunAsync(stop.Token);
        poll.Follow([one, two]);
        await Eventually(() => visited.Count == 2, "both to be visited");
        poll.Follow([two]);
        await Eventually(() => poll.Count == 1, "one to be left");
        var (left, stayed) = (visited["127.0.0.1"], visited["127.0.0.2"]);
        await Eventually(() => visited["127.0.0.2"] > stayed + 5, "the other to be visited on");
        Assert.That(visited["127.0.0.1"], Is.LessThanOrEqualTo(left + 1), "one visit may have been under way");
        await stop.CancelAsync();
        await running;
    }

    private static PrintersDevice Printer(string serial) => new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA").Has("1.3.6.1.4.1.1347.43.5.1.1.28.1", serial);

    /// <summary>A little network: devices on loopback addresses that all answer at one port.</summary>
    private sealed class Net : IDisposable
    {
        private static readonly int Port = FreePort();
        private readonly Dictionary<string, SnmpScriptedDevice> devices = [];
        private readonly SnmpClient client;

        public Net(string directory, TextWriter words, string addresses, ConcurrentBag<string>? asked = null) : this(directory, words, [addresses], asked) { }

        public Net(string directory, TextWriter words, string[] addresses, ConcurrentBag<string>? asked = null, TimeProvider? clock = null, byte salt = 1)
        {
            client = new(new(Asked: (to, _) => asked?.Add(to.Address.ToString())), SystemClock, new Random(3));
            var config = Config(directory) with { Ranges = [.. addresses.Select((list, at) => new RangeConfig(list, Port, at == 0 ? "public" : "other"))] };
            var sweep = new SweepRanges(new(client, Profiles.BuiltIn), (name, _) => Names.TryGetValue(name, out var address) ? Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]) : throw new SocketException((int)SocketError.HostNotFound), SystemClock);
            Ranges = KeepRanges.Load(config, new(words, SystemClock));
            Discover = new(config, Ranges, [salt], sweep, new(client, Profiles.BuiltIn), () => OpenGrant with { Allowed = Allowed }, Followed.Add, clock ?? SystemClock, new(words, SystemClock));
        }

        public KeepRanges Ranges { get; }
        public DiscoverDevices Discover { get; }
        public Dictionary<string, string> Names { get; } = [];
        public List<IReadOnlyList<Target>> Followed { get; } = [];
        public FieldGroups Allowed { get; set; } = FieldGroups.All;

        public Task<Inventory> SweepAsync(Inventory before) => Discover.SweepAsync(before, CancellationToken.None);

        public Task FollowsAsync(string addresses) =>
            Eventually(() => Followed.Count > 0 && string.Join(' ', Followed[^1].Select(target => target.Address).Order()) == addresses, $"'{addresses}' to be followed");

        public void Put(string address, IReadOnlyDictionary<string, SnmpValue> objects) => devices.Add(address, SnmpScriptedDevice.Holding(objects, at: new(IPAddress.Parse(address), Port)));

        public void Take(string address)
        {
            if (devices.Remove(address, out var device)) device.Dispose();
        }

        public void Dispose()
        {
            foreach (var device in devices.Values) device.Dispose();
            client.Dispose();
        }

        private static int FreePort()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }
}
