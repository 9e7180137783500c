using Fleet.Telemetry.Reports;

namespace Fleet.Telemetry.Tests.Reports;

public class OweDeliveryTests
{
    private static readonly Schedule AtTwoThirty = new("30 2 * * *", "Europe/Berlin", Folder: "x");

    [TestCase("2026-03-29T00:59:00Z", null, Description = "the hour between two and three does not exist that night")]
    [TestCase("2026-03-29T01:31:00Z", "2026-03-29T01:30:00Z")]
    [TestCase("2026-10-25T00:31:00Z", "2026-10-25T00:30:00Z", Description = "the first of two half past twos")]
    [TestCase("2026-10-25T01:31:00Z", "2026-10-25T00:30:00Z", Description = "and not the second as well")]
    [TestCase("2026-07-01T00:31:00Z", "2026-07-01T00:30:00Z")]
    public void A_schedule_is_kept_by_the_clock_on_the_wall(string now, string? due) =>
        Assert.That(OweDelivery.Newest(AtTwoThirty, Time(now).AddHours(-12), Time(now)), Is.EqualTo(due is null ? null : Time(due)));

    [Test]
    public void After_an_outage_the_newest_is_owed_and_not_each_that_was_missed() =>
        Assert.That(OweDelivery.Newest(AtTwoThirty, Time("2026-06-01T12:00:00Z"), Time("2026-07-01T12:00:00Z")), Is.EqualTo(Time("2026-07-01T00:30:00Z")));

    [Test]
    public void What_an_instance_has_begun_is_left_to_it_until_it_must_have_died()
    {
        var now = Time("2026-07-01T12:00:00Z");
        var made = ReportTemplate.Evolve(ReportTemplate.None with { Ask = new("devices", "csv") }, new TemplateEvent.Scheduled(AtTwoThirty, "p", null, now.AddDays(-1)));
        var begun = OweDelivery.Decide(made, now).Cast<TemplateEvent.DeliveryBegun>().Single();
        var at = ReportTemplate.Evolve(made, begun);

        Assert.That(OweDelivery.Decide(at, now.AddMinutes(14)), Is.Empty);
        Assert.That(OweDelivery.Decide(at, now.AddMinutes(15)).Single(), Is.EqualTo(new TemplateEvent.DeliveryBegun(begun.Due, 2, now.AddMinutes(15))));
        var done = ReportTemplate.Evolve(at, new TemplateEvent.Delivered(begun.Due, [], 1, "", now));
        Assert.That(OweDelivery.Decide(done, now.AddHours(5)), Is.Empty);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
