using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

public class DiscoverKindTests
{
    private static readonly object[] Devices =
    [
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions Printing System"), DeviceKind.Printer, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.8072.3.2.10", "Linux printer 3.4").Row(1, 5), DeviceKind.Printer, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.8072.3.2.10", "Linux 3.4").Row(1, 3).Row(7, 5).Has("1.3.6.1.2.1.25.3.5.1.1.7", 3), DeviceKind.Printer, 2 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.8072.3.2.10", "box").Supply("1.1", 5, 10), DeviceKind.Printer, 2 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.99999.1", "box").Has("1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10.0", "x"), DeviceKind.Printer, 3 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.367.1.1", "RICOH Aficio MP 201 1.04 / RICOH Network Printer C model / RICOH Network Scanner C model"), DeviceKind.Printer, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.9.1.1208", "Cisco IOS Software, C2960 Software"), DeviceKind.Network, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.11.2.3.7.11.9", "ProCurve J4900B Switch 2626"), DeviceKind.Network, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.99999.2", "8-port switch").Has("1.3.6.1.2.1.1.7.0", 2), DeviceKind.Network, 3 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.318.1.3.27", "APC Web/SNMP Management Card"), DeviceKind.Ups, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.2.1.33", "Acme power"), DeviceKind.Ups, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.1248.1.1.2.3", "EPSON DS-570W"), DeviceKind.Scanner, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.367.1.1", "RICOH fi-8170"), DeviceKind.Scanner, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.311.1.1.3.1.1", "Hardware: Intel64 - Software: Windows").Row(1, 5), DeviceKind.Computer, 1 },
        new object[] { new PrintersDevice().Is("1.3.6.1.4.1.99999.3", "a thermometer").Has("1.3.6.1.2.1.1.7.0", 72), DeviceKind.Other, 3 }
    ];

    [TestCaseSource(nameof(Devices))]
    public async Task What_a_device_is_and_in_how_many_packets(IReadOnlyDictionary<string, SnmpValue> device, DeviceKind kind, int packets)
    {
        var (sighting, asked) = await AskAsync(device, FieldGroups.All);
        Assert.That((sighting.Kind, asked.Count), Is.EqualTo(((DeviceKind?)kind, packets)), string.Join('\n', asked.Select(pdu => string.Join(' ', pdu.VarBinds.Select(one => one.Name)))));
    }

    [Test]
    public async Task Silence_is_no_device_and_costs_one_question()
    {
        using var agent = new SnmpScriptedDevice(_ => []);
        using var client = new SnmpClient(new(), AgentSamples.SystemClock, new Random(3));
        var sighting = await new Recognise(client, Profiles.BuiltIn).AskAsync(agent.Target(seconds: 0.05, retries: 1), FieldGroups.All);
        Assert.That(sighting, Is.EqualTo(new Sighting(SnmpOutcome.TimedOut, null)));
        Assert.That(agent.Unread, Is.EqualTo(2), "one try, one retry");
    }

    [TestCase(FieldGroups.Identity, "1.3.6.1.2.1.1 1.3.6.1.2.1.25.3.2.1.2.1 1.3.6.1.2.1.43.5.1.1.17")]
    [TestCase(FieldGroups.Status, "1.3.6.1.2.1.25.3.2.1.2.1 1.3.6.1.2.1.25.3.5.1.1")]
    [TestCase(FieldGroups.Status | FieldGroups.Supplies, "1.3.6.1.2.1.25.3.2.1.2.1 1.3.6.1.2.1.25.3.5.1.1 1.3.6.1.2.1.43.11.1.1.9")]
    public async Task Only_objects_of_allowed_groups_are_asked(FieldGroups allowed, string may)
    {
        var (_, asked) = await AskAsync(new PrintersDevice().Is("1.3.6.1.4.1.99999.3", "a thermometer"), allowed);
        Assert.That(asked.SelectMany(pdu => pdu.VarBinds).Select(one => one.Name.ToString()), Is.Not.Empty.And.All.Matches<string>(oid => may.Split(' ').Any(root => oid.StartsWith(root, StringComparison.Ordinal))));
    }

    [Test]
    public async Task A_profile_that_names_the_model_knows_better_than_a_rule_that_names_its_maker()
    {
        var folder = AgentSamples.FreshDirectory();
        File.WriteAllText(Path.Combine(folder, "x.json"), """{ "name": "x", "version": 1, "source": "s", "manufacturer": "X", "match": [{ "sysObjectId": "1.3.6.1.4.1.9.77" }] }""");
        using var agent = SnmpScriptedDevice.Holding(new PrintersDevice().Is("1.3.6.1.4.1.9.77.3", "X label printer"));
        using var client = new SnmpClient(new(), new SnmpManualClock(), new Random(3));
        Assert.That((await new Recognise(client, Profiles.WithFolder(folder)).AskAsync(agent.Target(), FieldGroups.All)).Kind, Is.EqualTo(DeviceKind.Printer));
        Assert.That((await new Recognise(client, Profiles.BuiltIn).AskAsync(agent.Target(), FieldGroups.All)).Kind, Is.EqualTo(DeviceKind.Network));
        Directory.Delete(folder, recursive: true);
    }

    [TestCase(FieldGroups.None), TestCase(FieldGroups.Counters | FieldGroups.NetworkAddress)]
    public async Task Without_identity_and_status_nothing_is_asked(FieldGroups allowed) =>
        Assert.That((await AskAsync(new PrintersDevice(), allowed)).Asked, Is.Empty);

    private static async Task<(Sighting Sighting, List<SnmpPdu> Asked)> AskAsync(IReadOnlyDictionary<string, SnmpValue> device, FieldGroups allowed)
    {
        var asked = new List<SnmpPdu>();
        using var agent = SnmpScriptedDevice.Holding(device);
        using var client = new SnmpClient(new(Asked: (_, pdu) => { lock (asked) asked.Add(pdu); }), new SnmpManualClock(), new Random(3));
        return (await new Recognise(client, Profiles.BuiltIn).AskAsync(agent.Target(), allowed).WaitAsync(TimeSpan.FromSeconds(30)), asked);
    }
}
