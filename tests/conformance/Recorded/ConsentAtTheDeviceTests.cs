using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>What a device is asked is a function of what is allowed, whoever made it.</summary>
public class ConsentAtTheDeviceTests
{
    private static readonly Dictionary<FieldGroups, string[]> Allowed = new()
    {
        [FieldGroups.NetworkAddress] = ["1.3.6.1.2.1.2.2.1.3", "1.3.6.1.2.1.2.2.1.6", "1.3.6.1.2.1.2.2.1.8"],
        [FieldGroups.Location] = ["1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0"],
        [FieldGroups.Counters] = ["1.3.6.1.2.1.43.10.2.1.3", "1.3.6.1.2.1.43.10.2.1.4", "1.3.6.1.4.1"],
        [FieldGroups.Supplies] = ["1.3.6.1.2.1.43.11.1.1", "1.3.6.1.2.1.43.12.1.1.4"],
        [FieldGroups.Status] = ["1.3.6.1.2.1.25.3.2.1.2", "1.3.6.1.2.1.25.3.2.1.5", "1.3.6.1.2.1.25.3.5.1", "1.3.6.1.2.1.43.6.1.1", "1.3.6.1.2.1.43.8.2.1", "1.3.6.1.2.1.43.18.1.1"],
        [FieldGroups.Firmware] = [],
        [FieldGroups.Identity] = ["1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.25.3.2.1.2", "1.3.6.1.2.1.25.3.2.1.3", "1.3.6.1.2.1.43.5.1.1.17", "1.3.6.1.4.1"]
    };

    [Test]
    public async Task One_group_asks_for_its_own_objects_and_nothing_else([Values("sharp", "pm-kyocera-p2040", "br-dcp-9020cdw", "pm-epson-cw", "fix-jetdirect_m880")] string name, [ValueSource(nameof(Groups))] FieldGroups group)
    {
        var asked = await AskedAsync(name, group);
        Assert.That(asked, Is.All.Matches<string>(oid => Allowed[group].Any(allowed => oid == allowed || oid.StartsWith(allowed + ".", StringComparison.Ordinal))));
        if (group is not FieldGroups.Firmware) Assert.That(asked, Is.Not.Empty, "the check would pass on a probe that asks nothing");
    }

    [Test]
    public async Task The_check_finds_a_group_that_asks_too_much() =>
        Assert.That((await AskedAsync("sharp", FieldGroups.Counters | FieldGroups.Supplies)).Where(oid => !Allowed[FieldGroups.Counters].Any(allowed => oid.StartsWith(allowed, StringComparison.Ordinal))), Is.Not.Empty);

    [Test]
    public async Task Nothing_allowed_is_nothing_asked([ValueSource(typeof(Recording), nameof(Recording.Names))] string name) =>
        Assert.That(await AskedAsync(name, FieldGroups.None), Is.Empty);

    [Test]
    public async Task Console_jobs_and_users_are_never_asked([ValueSource(typeof(Recording), nameof(Recording.Names))] string name) =>
        Assert.That(await AskedAsync(name, FieldGroups.All), Has.None.Matches<string>(oid =>
            oid.StartsWith("1.3.6.1.2.1.43.16", StringComparison.Ordinal) || oid.StartsWith("1.3.6.1.4.1.1347.47.6", StringComparison.Ordinal) || oid.StartsWith("1.3.6.1.4.1.2699.1.1", StringComparison.Ordinal)));

    [Test]
    public async Task A_group_that_was_not_asked_says_nothing()
    {
        using var client = Ask.Client();
        var reading = await Ask.ReadAsync(client, Ask.Target(Simulator.Peer.EndPoint, "sharp"), FieldGroups.Identity | FieldGroups.Counters);
        Assert.That((reading.Mac, reading.Name, reading.Location, reading.Supplies.Count, reading.Status, reading.Alerts.Count, reading.Trays.Count), Is.EqualTo(((string?)null, (string?)null, (string?)null, 0, (PrinterStatus?)null, 0, 0)));
        Assert.That(reading.Counters.Single(c => c.Name == "mono").Value, Is.EqualTo(91164));
    }

    private static IEnumerable<FieldGroups> Groups() => Allowed.Keys;

    private static async Task<List<string>> AskedAsync(string name, FieldGroups allowed)
    {
        var asked = new List<string>();
        using var client = Ask.Client(new(Asked: (_, pdu) => { lock (asked) asked.AddRange(pdu.VarBinds.Select(v => v.Name.ToString())); }));
        await Ask.ReadAsync(client, Ask.Target(Simulator.Peer.EndPoint, name), allowed);
        return asked;
    }
}
