using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>Rules every recording must keep, checked against the recording's own lines and not against the code under test.</summary>
public class PrintersAgainstRecordingsTests
{
    private const string Supplies = "1.3.6.1.2.1.43.11.1.1", Level = Supplies + ".9", Capacity = Supplies + ".8", Description = Supplies + ".6", Type = Supplies + ".5";

    private readonly SnmpClient client = Ask.Client();

    [OneTimeTearDown]
    public void Close() => client.Dispose();

    private static Task<PrinterReading> ReadAsync(string name) => Readings.OfAsync(name);

    [Test]
    public async Task A_percentage_stands_only_where_level_and_capacity_are_known([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        var reading = await ReadAsync(name);
        Assert.That(reading.Outcome, Is.EqualTo(SnmpOutcome.Answered));
        Assert.That(Untrue(reading.Supplies, Recording.Of(name)), Is.Empty);
    }

    [Test]
    public async Task The_check_finds_one_invented_percentage()
    {
        var (reading, recording) = (await ReadAsync("pm-kyocera-p2040"), Recording.Of("pm-kyocera-p2040"));
        Assert.That(Untrue(reading.Supplies.Select(s => s.Slot == "1.2" ? s with { Percent = 50 } : s), recording), Has.Count.EqualTo(1), "-3 as half full");
        Assert.That(Untrue(reading.Supplies.Select(s => s.Slot == "1.1" ? s with { Percent = 97 } : s), recording), Has.Count.EqualTo(1), "one percent off");
    }

    private static List<string> Untrue(IEnumerable<Supply> supplies, Recording recording)
    {
        var untrue = new List<string>();
        foreach (var supply in supplies.Where(s => char.IsAsciiDigit(s.Slot[0])))
        {
            var (level, capacity) = (recording.Number($"{Level}.{supply.Slot}"), recording.Number($"{Capacity}.{supply.Slot}"));
            decimal? percent = level >= 0 && capacity > 0 ? Math.Round(100m * level.Value / capacity.Value, 1) : null;
            var state = level switch { >= 0 => "measured", -3 => "some-remaining", -1 => "other", _ => "unknown" };
            if (supply.Percent != percent || supply.State != state || supply.Level != (level >= 0 ? level : null)) untrue.Add($"{supply} of {level}/{capacity}");
        }
        return untrue;
    }

    [Test]
    public async Task Every_supply_is_there_once_and_no_other([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        var recording = Recording.Of(name);
        var rows = new[] { Level, Capacity, Description, Type }.SelectMany(recording.Rows).Distinct();
        Assert.That((await ReadAsync(name)).Supplies.Select(s => s.Slot).Where(slot => char.IsAsciiDigit(slot[0])), Is.EquivalentTo(rows));
    }

    [Test]
    public async Task Every_counter_is_the_number_the_recording_has_at_its_oid([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        var recording = Recording.Of(name);
        foreach (var counter in (await ReadAsync(name)).Counters)
        {
            var oids = counter.Oid.Split('+');
            Assert.That(oids, Is.All.Matches<string>(recording.Has), counter.ToString());
            if (oids.All(oid => recording.Number(oid) is not null))     // a byte block is no number; its values are stated one by one below
                Assert.That(counter.Value, Is.EqualTo(oids.Sum(oid => recording.Number(oid))), counter.ToString());
        }
    }

    [Test]
    public async Task Texts_are_fit_to_be_shown([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        var reading = await ReadAsync(name);
        string?[] texts =
        [
            reading.Model, reading.Serial, reading.Firmware, reading.Manufacturer,
            .. reading.Supplies.Select(s => s.Description), .. reading.Alerts.Select(a => a.Description), .. reading.Trays.Select(t => t.Name)
        ];
        foreach (var text in texts.OfType<string>())
        {
            Assert.That(text.Any(char.IsControl), Is.False, text);
            Assert.That(text, Is.EqualTo(text.Trim()));
        }
    }

    [Test]
    public async Task Each_recording_is_a_printer_read_in_few_packets([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        var packets = 0;
        using var counting = Ask.Client(new(Asked: (_, _) => Interlocked.Increment(ref packets)));
        var reading = await Ask.ReadAsync(counting, Ask.Target(Simulator.Peer.EndPoint, name));
        Assert.That(reading.IsPrinter, Is.True);
        Assert.That(packets, Is.LessThanOrEqualTo(6));
    }

    [Test]
    public async Task Version_1_reads_the_same([Values("sharp", "pm-kyocera-p2040", "fix-jetdirect_m880", "brother")] string name)
    {
        var v1 = await Ask.ReadAsync(client, Ask.Target(Simulator.Peer.EndPoint, name, SnmpVersion.V1));
        var v2 = await ReadAsync(name);
        Assert.That(v1 with { Counters = [], Supplies = [], Alerts = [], Trays = [], Covers = [], Status = null }, Is.EqualTo(v2 with { Counters = [], Supplies = [], Alerts = [], Trays = [], Covers = [], Status = null }));
        Assert.That(v1.Counters, Is.EqualTo(v2.Counters));
        Assert.That(v1.Supplies, Is.EqualTo(v2.Supplies));
        Assert.That(v1.Alerts, Is.EqualTo(v2.Alerts));
        Assert.That(v1.Status?.Errors, Is.EqualTo(v2.Status?.Errors));
    }

    [Test]
    public async Task An_unknown_community_is_silence_and_claims_nothing()
    {
        var target = new SnmpTarget(Simulator.Peer.EndPoint, SnmpCredential.V2C("nobody-is-called-so"), new(TimeSpan.FromMilliseconds(200), 0));
        var reading = await Ask.ReadAsync(client, target);
        Assert.That((reading.Outcome, reading.IsPrinter, reading.Counters.Count), Is.EqualTo((SnmpOutcome.TimedOut, false, 0)));
    }
}
