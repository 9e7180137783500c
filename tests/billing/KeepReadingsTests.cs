using Fleet.Billing.Meters;
using Fleet.Contracts.Telemetry.V1;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class KeepReadingsTests
{
    private static readonly Reading Monday = Read("2026-10-05", 100), Tuesday = Read("2026-10-06", 150), Wednesday = Read("2026-10-07", 170);

    [Test]
    public void Readings_become_facts_in_the_order_they_were_observed() =>
        Assert.That(Keep([Wednesday, Monday], Meter.Unread), Is.EqualTo([Monday, Wednesday]));

    [Test]
    public void A_reading_delivered_twice_is_kept_once()
    {
        Assert.That(Keep([Monday, Monday], Meter.Unread), Is.EqualTo([Monday]), "within a message");
        Assert.That(Keep([Monday], After(Monday)), Is.Empty, "in another message");
        Assert.That(Keep([Monday], After(Monday, Tuesday), known: [Monday]), Is.Empty, "in a much later message");
    }

    [Test]
    public void A_late_reading_is_kept_in_its_place()
    {
        Assert.That(Keep([Tuesday], After(Monday, Wednesday), known: [Monday, Wednesday]), Is.EqualTo([Tuesday]));
        Assert.That(After(Monday, Wednesday, Tuesday).Latest, Is.EqualTo(Wednesday));
    }

    [Test]
    public void Only_late_readings_are_looked_up() =>
        Assert.That(KeepReadings.MayBeKnown(Input(Monday, Tuesday, Wednesday), After(Tuesday)), Is.EquivalentTo(new[] { Input().KeyOf(Monday), Input().KeyOf(Tuesday) }));

    [Test]
    public void A_message_is_split_into_one_input_per_device_and_counter()
    {
        AcceptedReading Accepted(string device, string time) => new(
            Guid.CreateVersion7(At(time)), device, "hq", At(time), At(time), "kyocera/3", [new("mono", 5, "impressions", "1.2"), new("scan", 6, "items", "1.3")]);

        var inputs = MeterInput.Of(new("acme", [Accepted("a", "2026-10-01"), Accepted("b", "2026-10-01"), Accepted("a", "2026-10-02")]));

        Assert.That(inputs.Select(i => (i.Stream, i.Readings.Count)), Is.EquivalentTo(new[] { ("meter/a/mono", 2), ("meter/a/scan", 2), ("meter/b/mono", 1), ("meter/b/scan", 1) }));
        Assert.That(inputs.Single(i => i.Stream == "meter/b/scan").Readings[0], Is.EqualTo(
            new Reading(inputs.Single(i => i.Stream == "meter/b/mono").Readings[0].Id, At("2026-10-01"), 6, "items", "1.3", "kyocera/3")));
    }

    private static MeterInput Input(params Reading[] readings) => new("a", "mono", readings);

    private static IEnumerable<Reading> Keep(Reading[] readings, Meter meter, params Reading[] known) =>
        KeepReadings.Decide(Input(readings), meter, known.Select(Input().KeyOf).ToHashSet()).Cast<MeterEvent.MeterRead>().Select(e => e.Reading);

    private static Meter After(params Reading[] readings) =>
        readings.Aggregate(Meter.Unread, (meter, reading) => Meter.Evolve(meter, new MeterEvent.MeterRead("a", "mono", reading)));
}
