using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Consents;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Consents;

public class CoverEventTests
{
    private static readonly string[] Groups = ["identity", "network-address", "location", "counters", "supplies", "status", "firmware"];

    [TestCase("fleet-management", "counters", null)]
    [TestCase("billing", "counters", null)]
    [TestCase("billing", "supplies", "no-consent-counters")]
    [TestCase("marketing", "counters", "no-purpose")]
    public void A_reading_needs_either_purpose_and_the_counters(string purpose, string group, string? refused) =>
        Assert.That(CoverEvent.Decide(Meter(1), Noon, Standing([purpose], ["identity", group])), Is.EqualTo(refused));

    [TestCase("fleet-management", null)]
    [TestCase("billing", "no-purpose")]
    public void Toner_status_and_alerts_serve_the_devices_care_only(string purpose, string? refused)
    {
        foreach (var data in new object[] { Toner(1), Status(), Raised(), Cleared() })
            Assert.That(CoverEvent.Decide(data, Noon, Standing([purpose], Groups)), Is.EqualTo(refused), data.GetType().Name);
    }

    [TestCase("identity")]
    [TestCase("network-address")]
    [TestCase("location")]
    [TestCase("firmware")]
    public void A_description_needs_every_field_group_it_tells_of(string withheld)
    {
        var whole = Samples.All.First().Data;

        Assert.That(CoverEvent.Decide(whole, Noon, Standing(["billing"], Groups)), Is.Null);
        Assert.That(CoverEvent.Decide(whole, Noon, Standing(["billing"], [.. Groups.Except([withheld])])), Is.EqualTo($"no-consent-{withheld}"));
    }

    [Test]
    public void What_names_the_device_is_data_of_it_too()
    {
        var addressed = Meter(1, new DeviceRef("k1", Address: "192.0.2.17"));

        Assert.That(CoverEvent.Decide(addressed, Noon, Standing(["billing"], ["counters"])), Is.EqualTo("no-consent-network-address"));
        Assert.That(CoverEvent.Decide(Meter(1, new DeviceRef("k1")), Noon, Standing(["billing"], ["counters"])), Is.Null);
    }

    [TestCase(-1, "no-purpose")]
    [TestCase(0, null)]
    [TestCase(59, null)]
    [TestCase(60, "no-purpose")]
    public void A_consent_stands_from_its_first_instant_until_just_before_its_last(int minutes, string? refused)
    {
        var hour = new Span("", Noon, Noon.AddHours(1));
        var consent = new Consent(1, [hour with { Name = "billing" }], [hour with { Name = "counters", Until = null }, hour with { Name = "identity" }]);

        Assert.That(CoverEvent.Decide(Meter(1), Noon.AddMinutes(minutes), consent), Is.EqualTo(refused));
    }

    [Test]
    public void A_consent_granted_again_does_not_cover_the_time_between()
    {
        var consent = new Consent(3,
            [new("billing", Noon, Noon.AddHours(1)), new("billing", Noon.AddHours(2), null)],
            [new("counters", Noon, null), new("identity", Noon, null)]);

        Assert.That(CoverEvent.Decide(Meter(1), Noon.AddMinutes(90), consent), Is.EqualTo("no-purpose"));
        Assert.That(CoverEvent.Decide(Meter(1), Noon.AddMinutes(150), consent), Is.Null);
    }

    [Test]
    public void Nothing_is_covered_where_nothing_is_known()
    {
        foreach (var (type, data) in Samples.All.Where(s => s.Type != EdgeEventTypes.AgentHealth))
            Assert.That(CoverEvent.Decide(data, Noon, Consent.None), Is.Not.Null, type);
    }

    private static Consent Standing(string[] purposes, string[] groups) => new(1, Always(purposes), Always(groups));

    private static Span[] Always(string[] names) => [.. names.Select(name => new Span(name, Noon.AddYears(-1), null))];
}
