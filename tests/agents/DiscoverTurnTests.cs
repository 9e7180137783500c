using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>When sweeps come, what begins one anew, and who is visited because of them.</summary>
public class DiscoverTurnTests : AgentHome
{
    [Test]
    public async Task After_a_restart_the_known_printers_are_followed_at_once_and_swept_a_day_later()
    {
        using (var net = new DiscoverNet(Home, TextWriter.Null, "127.77.6.1-2"))
        {
            net.Put("127.77.6.1", DiscoverNet.Printer("S-1"));
            using var stop = new CancellationTokenSource();
            var running = net.Discover.RunAsync(stop.Token);
            await Eventually(() => File.Exists(Path.Combine(Home, "inventory.json")), "the inventory");
            await stop.CancelAsync();
            await EndsAsync(running, "what was told to stop");
        }
        var asked = new ConcurrentBag<string>();
        using var again = new DiscoverNet(Home, TextWriter.Null, "127.77.6.1-2", asked);
        using var end = new CancellationTokenSource();
        var second = again.Discover.RunAsync(end.Token);
        Assert.That(again.Followed.Single().Select(target => target.Address), Is.EqualTo(new[] { "127.77.6.1" }));
        Assert.That(asked, Is.Empty, "the last sweep was today");
        await end.CancelAsync();
        await second;

        using var others = new DiscoverNet(Home, TextWriter.Null, "127.77.6.1-3", asked);
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
        using var net = new DiscoverNet(Home, TextWriter.Null, "127.77.8.1-3", asked);
        net.Put("127.77.8.1", DiscoverNet.Printer("S-1"));
        net.Put("127.77.8.2", DiscoverNet.Printer("S-2"));
        net.Put("127.77.8.9", DiscoverNet.Printer("S-9"));
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
        await EndsAsync(running, "what was told to stop");
    }

    [Test]
    public async Task What_was_found_and_cannot_be_kept_is_a_line_and_is_visited_all_the_same()
    {
        var words = new StringWriter();
        Directory.CreateDirectory(Path.Combine(Home, "inventory.json"));
        using var net = new DiscoverNet(Home, words, "127.77.12.1-2");
        net.Put("127.77.12.1", DiscoverNet.Printer("S-1"));
        using var stop = new CancellationTokenSource();
        var running = net.Discover.RunAsync(stop.Token);
        await net.FollowsAsync("127.77.12.1");
        await Eventually(() => words.ToString().Contains("cannot be kept over a restart", StringComparison.Ordinal), "the line");
        net.Put("127.77.12.2", DiscoverNet.Printer("S-2"));
        net.Discover.SweepNow();
        await net.FollowsAsync("127.77.12.1 127.77.12.2");
        await stop.CancelAsync();
        await EndsAsync(running, "what was told to stop");
    }

    [Test]
    public async Task A_sweep_that_is_called_for_does_not_wait_for_tomorrow()
    {
        using var net = new DiscoverNet(Home, TextWriter.Null, "127.77.9.1-2");
        using var stop = new CancellationTokenSource();
        var running = net.Discover.RunAsync(stop.Token);
        await Eventually(() => net.Discover.Known.At is not null, "the first sweep");
        net.Put("127.77.9.1", DiscoverNet.Printer("S-1"));
        net.Discover.SweepNow();
        await net.FollowsAsync("127.77.9.1");
        await stop.CancelAsync();
        await EndsAsync(running, "what was told to stop");
    }

    [Test]
    public async Task Sweeps_come_in_their_turn_and_in_the_agents_place_behind_it_and_drift_by_nothing()
    {
        var clock = new SnmpManualClock();
        using var net = new DiscoverNet(Home, TextWriter.Null, ["127.77.11.1"], clock: clock, salt: 2);
        net.Put("127.77.11.1", DiscoverNet.Printer("S-1"));
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
        await EndsAsync(running, "what was told to stop");
    }

    [Test]
    public async Task A_group_taken_away_in_the_middle_of_a_sweep_is_in_none_of_its_later_questions()
    {
        using var silent = new SnmpScriptedDevice(_ => [], new IPEndPoint(IPAddress.Any, 0));
        var objects = new ConcurrentQueue<(string Address, bool AsksIdentity)>();
        var withhold = Fleet.Agent.Granting.Withhold.Load(Home, SystemClock, Around().Log);
        using var client = new SnmpClient(new(Asked: (to, pdu) => objects.Enqueue((to.Address.ToString(), pdu.VarBinds.Any(one => one.Name == Oid.Parse("1.3.6.1.2.1.1.1.0"))))), SystemClock, new Random(3));
        var config = Config(Home) with { Ranges = [new("127.77.10.1-127.77.10.254", silent.EndPoint.Port)] };
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
        await EndsAsync(running, "what was told to stop");
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
        await EndsAsync(running, "what was told to stop");
    }
}
