using System.Collections.Concurrent;
using Fleet.Agent.Discovering;
using Fleet.Printers;

namespace Fleet.Agents.Tests;

/// <summary>One sweep after the other over real UDP on loopback addresses: who is asked, and what a rescan makes of the difference.</summary>
public class DiscoverSweepTests : AgentHome
{
    [Test]
    public async Task New_moved_and_vanished_printers_are_told_and_the_rest_is_counted()
    {
        var words = new StringWriter();
        using var net = new DiscoverNet(Home, words, "127.77.1.0/28 !127.77.1.9");
        net.Put("127.77.1.2", DiscoverNet.Printer("S-1"));
        net.Put("127.77.1.3", DiscoverNet.Printer("S-2"));
        net.Put("127.77.1.4", new PrintersDevice().Is("1.3.6.1.4.1.9.1.1208", "Cisco"));
        net.Put("127.77.1.5", new PrintersDevice().Is("1.3.6.1.4.1.318.1.3.27", "APC"));
        net.Put("127.77.1.9", DiscoverNet.Printer("S-9"));
        var first = await net.SweepAsync(Inventory.Empty);
        Assert.That(first.Printers.Select(one => one.Address), Is.EqualTo(new[] { "127.77.1.2", "127.77.1.3" }));
        Assert.That(words.ToString(), Does.Contain("13 addresses asked, 4 answered, 2 printers (2 new, 0 moved, 0 vanished); left out: 1 network, 1 ups")
            .And.Contain("new: Kyocera S-1 at 127.77.1.2"), "the excluded address was not asked, nor the network's own two");

        net.Take("127.77.1.2");
        net.Take("127.77.1.3");
        net.Put("127.77.1.6", DiscoverNet.Printer("S-1"));
        var second = await net.SweepAsync(first);
        Assert.That(words.ToString(), Does.Contain("(0 new, 1 moved, 1 vanished)").And.Contain("moved: Kyocera S-1 from 127.77.1.2 to 127.77.1.6").And.Contain("vanished: Kyocera S-2, last at 127.77.1.3"));
        Assert.That((net.Discover.Last!.New, net.Discover.Last.Moved, net.Discover.Last.Vanished), Is.EqualTo((0, 1, 1)));
        Assert.That(second.Printers.Single(one => one.Address == "127.77.1.3").MissingSince, Is.Not.Null, "still asked: it may be switched off");

        net.Put("127.77.1.3", DiscoverNet.Printer("S-2"));
        Assert.That((await net.SweepAsync(second)).Printers.Select(one => one.MissingSince), Is.All.Null);
        Assert.That(words.ToString(), Does.Contain("back: Kyocera S-2 at 127.77.1.3"));
    }

    [Test]
    public async Task No_packet_reaches_what_is_excluded_or_a_networks_own_addresses()
    {
        var asked = new ConcurrentBag<string>();
        using var net = new DiscoverNet(Home, TextWriter.Null, "127.77.2.0/29 !127.77.2.4", asked);
        await net.SweepAsync(Inventory.Empty);
        Assert.That(asked.Order(), Is.EqualTo(new[] { "127.77.2.1", "127.77.2.2", "127.77.2.3", "127.77.2.5", "127.77.2.6" }));
    }

    [Test]
    public async Task A_second_community_is_tried_only_where_the_first_was_met_with_silence()
    {
        var asked = new ConcurrentBag<string>();
        using var net = new DiscoverNet(Home, TextWriter.Null, ["127.77.3.1-2", "127.77.3.1-3"], asked);
        net.Put("127.77.3.1", DiscoverNet.Printer("S-1"));
        await net.SweepAsync(Inventory.Empty);
        Assert.That(asked.Count(address => address == "127.77.3.1"), Is.LessThanOrEqualTo(1 + 4), "seen once, named once");
        Assert.That(asked.Count(address => address == "127.77.3.2"), Is.EqualTo(2));
        Assert.That(asked.Count(address => address == "127.77.3.3"), Is.EqualTo(1));
    }

    [Test]
    public async Task Host_names_are_looked_up_and_an_unknown_one_is_a_line()
    {
        var words = new StringWriter();
        using var net = new DiscoverNet(Home, words, "printer.example nowhere.example gate.example !door.example");
        net.Names["printer.example"] = "127.77.4.2";
        net.Names["gate.example"] = net.Names["door.example"] = "127.77.4.3";
        net.Put("127.77.4.2", DiscoverNet.Printer("S-1"));
        net.Put("127.77.4.3", DiscoverNet.Printer("S-2"));
        Assert.That((await net.SweepAsync(Inventory.Empty)).Printers.Select(one => one.Address), Is.EqualTo(new[] { "127.77.4.2" }));
        Assert.That(words.ToString(), Does.Contain("no address is known for nowhere.example"));
    }

    [Test]
    public async Task Without_a_grant_nothing_is_asked_and_it_says_so()
    {
        var (asked, words) = (new ConcurrentBag<string>(), new StringWriter());
        using var net = new DiscoverNet(Home, words, "127.77.5.0/29", asked) { Allowed = FieldGroups.Counters };
        await net.SweepAsync(Inventory.Empty);
        Assert.That(asked, Is.Empty);
        Assert.That(words.ToString(), Does.Contain("no grant allows"));
    }

    [Test]
    public async Task A_grant_that_names_devices_otherwise_makes_none_vanish()
    {
        var words = new StringWriter();
        using var net = new DiscoverNet(Home, words, "127.77.7.1-2");
        net.Put("127.77.7.1", DiscoverNet.Printer("S-1"));
        var named = await net.SweepAsync(Inventory.Empty);
        net.Allowed = FieldGroups.Status;
        net.Take("127.77.7.1");
        net.Put("127.77.7.1", DiscoverNet.Printer("S-1").Row(1, 5));
        var nameless = await net.SweepAsync(named);
        Assert.That((nameless.Printers.Count, net.Discover.Last!.Vanished), Is.EqualTo((1, 0)));
        Assert.That(words.ToString(), Does.Not.Contain("vanished: "));
    }
}
