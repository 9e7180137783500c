using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>What no recording shows: devices made up to be difficult.</summary>
public class PrintersReadingTests
{
    private const string Life = "1.3.6.1.2.1.43.10.2.1.4.", Unit = "1.3.6.1.2.1.43.10.2.1.3.";

    [TestCase(50, 100, "measured", 50)]
    [TestCase(1, 3, "measured", 33.3)]
    [TestCase(0, 100, "measured", 0)]
    [TestCase(120, 100, "measured", 100, Description = "more than full is full")]
    [TestCase(5, 0, "measured", null, Description = "no capacity, no percentage")]
    [TestCase(5, -1, "measured", null)]
    [TestCase(5, -2, "measured", null)]
    [TestCase(-1, 100, "other", null)]
    [TestCase(-2, 100, "unknown", null)]
    [TestCase(-3, 100, "some-remaining", null, Description = "never 50 %")]
    [TestCase(-7, 100, "unknown", null)]
    public async Task A_level(int level, int capacity, string state, double? percent)
    {
        var supply = (await new PrintersDevice().Supply("1.1", level, capacity).ReadAsync()).Supplies.Single();
        Assert.That((supply.State, (double?)supply.Percent), Is.EqualTo((state, percent)));
        Assert.That(supply.Level, Is.EqualTo(level >= 0 ? level : null));
        Assert.That(supply.Capacity, Is.EqualTo(capacity > 0 ? capacity : null));
    }

    [Test]
    public async Task Several_markers_are_several_life_counts_each_in_its_unit()
    {
        var device = new PrintersDevice().Has(Life + "1.1", SnmpValue.Counter32(10)).Has(Life + "1.2", SnmpValue.Counter32(20)).Has(Unit + "1.1", 7).Has(Unit + "1.2", 8);
        Assert.That((await device.ReadAsync()).Counters, Is.EqualTo(new[]
        {
            new Counter("life", 10, "impressions", Life + "1.1"), new Counter("life.2", 20, "sheets", Life + "1.2")
        }));
    }

    [Test]
    public async Task A_counter_of_64_bits_is_whole() =>
        Assert.That((await new PrintersDevice().Has(Life + "1.1", SnmpValue.Counter64(5_000_000_000)).ReadAsync()).Counters.Single().Value, Is.EqualTo(5_000_000_000));

    [Test]
    public async Task A_counter_beyond_what_a_count_can_be_is_no_counter() =>
        Assert.That((await new PrintersDevice().Has(Life + "1.1", SnmpValue.Counter64(ulong.MaxValue)).Has(Life + "1.2", -2).ReadAsync()).Counters, Is.Empty);

    [Test]
    public async Task The_printer_is_the_row_that_says_so()
    {
        var device = new PrintersDevice().Row(1, 4).Row(2, 1).Row(7, 5)
            .Has("1.3.6.1.2.1.25.3.2.1.3.1", "Ethernet").Has("1.3.6.1.2.1.25.3.2.1.3.7", "Printer 2000 SN:X99")
            .Has("1.3.6.1.2.1.25.3.2.1.5.1", 2).Has("1.3.6.1.2.1.25.3.2.1.5.7", 5)
            .Has("1.3.6.1.2.1.25.3.5.1.1.7", 4).Has("1.3.6.1.2.1.25.3.5.1.2.7", SnmpValue.OctetString([0x04, 0x02]))
            .Has("1.3.6.1.2.1.43.5.1.1.17.1", "of another").Has("1.3.6.1.2.1.43.5.1.1.17.7", "S-7").Supply("7.1", 1, 2);
        var reading = await device.ReadAsync();
        Assert.That((reading.IsPrinter, reading.Model, reading.Serial, reading.Status!.Device, reading.Status.Printer), Is.EqualTo((true, "Printer 2000 SN:X99", "S-7", "down", "printing")));
        Assert.That(reading.Status.Errors, Is.EqualTo(new[] { "jammed", "overduePreventMaint" }));
        Assert.That(reading.Supplies.Single().Slot, Is.EqualTo("7.1"));
    }

    [TestCase("", Description = "none")]
    [TestCase("80", "lowPaper")]
    [TestCase("01", "serviceRequested")]
    [TestCase("0080", "inputTrayMissing")]
    [TestCase("0002", "overduePreventMaint")]
    [TestCase("0001", Description = "the last bit has no meaning")]
    [TestCase("c0000000ff", "lowPaper", "noPaper")]
    public async Task Error_bits_count_from_the_most_significant(string hex, params string[] errors)
    {
        var device = new PrintersDevice().Has("1.3.6.1.2.1.25.3.5.1.2.1", SnmpValue.OctetString(Convert.FromHexString(hex)));
        Assert.That((await device.ReadAsync()).Status!.Errors, Is.EqualTo(errors));
    }

    [Test]
    public async Task Text_in_another_character_set_is_read_as_the_device_declares()
    {
        byte[] polish = [0x54, 0x6f, 0x6e, 0x65, 0x72, 0x20, 0xbf, 0xf3, 0xb3, 0x74, 0x79];      // "Toner żółty" in ISO 8859-2
        var device = new PrintersDevice().Supply("1.1", 1, 2).Has("1.3.6.1.2.1.43.11.1.1.6.1.1", SnmpValue.OctetString(polish))
            .Has("1.3.6.1.2.1.43.5.1.1.2.1", 2).Has("1.3.6.1.2.1.43.7.1.1.4.1.1", 106).Has("1.3.6.1.2.1.43.7.1.1.4.1.2", 5);
        Assert.That((await device.ReadAsync()).Supplies.Single().Description, Is.EqualTo("Toner żółty"));
    }

    [Test]
    public async Task Values_of_the_wrong_type_are_not_values()
    {
        var device = new PrintersDevice().Supply("1.1", 1, 2).Has("1.3.6.1.2.1.43.11.1.1.9.1.1", "75").Has("1.3.6.1.2.1.43.11.1.1.6.1.1", 9)
            .Has(Life + "1.1", "many").Has("1.3.6.1.2.1.25.3.5.1.2.1", 255).Has("1.3.6.1.2.1.1.1.0", 1).Has("1.3.6.1.2.1.1.2.0", "1.3.6.1.4.1.11.2.3.9.1");
        var reading = await device.ReadAsync();
        Assert.That((reading.Supplies.Single().State, reading.Supplies.Single().Percent, reading.Supplies.Single().Description), Is.EqualTo(("unknown", (decimal?)null, "")));
        Assert.That((reading.Counters.Count, reading.Status!.Errors.Count, reading.SysObjectId), Is.EqualTo((0, 0, (string?)null)));
    }

    [Test]
    public async Task Alerts_outside_every_enumeration_are_carried()
    {
        const string alert = "1.3.6.1.2.1.43.18.1.1.";
        var device = new PrintersDevice().Has(alert + "2.1.70000", 99).Has(alert + "4.1.70000", 1234).Has(alert + "5.1.70000", -1).Has(alert + "7.1.70000", 40_001).Has(alert + "8.1.70000", SnmpValue.OctetString([0, 0]));
        Assert.That((await device.ReadAsync()).Alerts.Single(), Is.EqualTo(new Alert("1.70000", "other", "1234", -1, 40_001, "")));
    }

    [Test]
    public async Task Tables_are_empty_under_the_plain_community_of_some_print_servers()
    {
        var plain = new PrintersDevice().Is("1.3.6.1.4.1.11.2.3.9.1", "HP ETHERNET MULTI-ENVIRONMENT");
        var tables = new PrintersDevice().Supply("1.1", 30, 100);
        using var agent = new SnmpScriptedDevice(request => [SnmpScriptedDevice.Answer(request.Community.Span.SequenceEqual("public@Jetdirect"u8) ? tables : plain, request)]);
        Assert.That((await PrintersDevice.ReadAsync(agent)).Supplies.Single().Percent, Is.EqualTo(30));
    }

    [Test]
    public async Task A_device_that_goes_round_in_circles_is_read_as_far_as_it_goes()
    {
        using var agent = new SnmpScriptedDevice(request => [(request with { Pdu = request.Pdu.Answer([.. request.Pdu.VarBinds.Select(v => new VarBind(v.Name, SnmpValue.Integer32(1)))]) }).Encode()]);
        var reading = await PrintersDevice.ReadAsync(agent);
        Assert.That((reading.Outcome, reading.Supplies.Count), Is.EqualTo((SnmpOutcome.Looped, 0)));
        Assert.That(agent.Unread, Is.LessThan(10));
    }

    [Test]
    public async Task A_device_that_falls_silent_midway_is_not_called_complete()
    {
        var device = new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA").Supply("1.1", 1, 2);
        using var agent = new SnmpScriptedDevice(request => request.Pdu.Type is PduType.GetBulk ? [] : [SnmpScriptedDevice.Answer(device, request)]);
        var clock = new SnmpManualClock();
        using var client = new SnmpClient(new(), clock, new Random(3));
        var reading = new Probe(client, Profiles.BuiltIn).ReadAsync(agent.Target(seconds: 1), FieldGroups.All);
        while ((await agent.RequestAsync()).Pdu.Type is not PduType.GetBulk) { }
        for (var again = 0; again < 2; again++) await OnceTimePassesAsync(agent.RequestAsync());      // the same in less, twice
        await OnceTimePassesAsync(reading);
        Assert.That(((await reading).Outcome, (await reading).Manufacturer), Is.EqualTo((SnmpOutcome.TimedOut, "Kyocera")));

        // In steps: a client that finds datagrams it has not read yet at the end of its patience waits on for a little, and one jump of the clock would be spent on that.
        async Task OnceTimePassesAsync(Task awaited)
        {
            while (!awaited.IsCompleted)
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                await Task.WhenAny(awaited, Task.Delay(TimeSpan.FromMilliseconds(5), AgentSamples.SystemClock));
            }
            await awaited;
        }
    }
}
