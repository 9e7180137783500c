using Fleet.Defaults;
using Fleet.Licensing.Licences;
using Fleet.Licensing.Seats;

namespace Fleet.Licensing.Tests;

public class GrantLicenceTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly LicenceOffer Offer = new("acme", 25, ["remote-monitoring", "admin-console"], new(2027, 9, 30), "PO-4711");

    [Test]
    public void A_licence_is_granted_as_offered() =>
        Assert.That(Grant(Offer).Events.Single(), Is.EqualTo(new LicenceEvent.LicenceGranted(
            "acme", 25, ["admin-console", "remote-monitoring"], new(2027, 9, 30), "PO-4711", "clerk", Now)).Using<LicenceEvent>(Same));

    [Test]
    public void The_same_offer_again_changes_nothing_and_a_new_one_replaces_it()
    {
        var licence = Licence.Evolve(Licence.None, Grant(Offer).Events.Single());

        Assert.That(Grant(Offer with { Features = ["admin-console", "remote-monitoring"] }, licence).Events, Is.Empty);
        Assert.That(Licence.Evolve(licence, Grant(Offer with { Seats = 50 }, licence).Events.Single()).Current!.Seats, Is.EqualTo(50));
    }

    private static readonly TestCaseData[] Wrongs =
    [
        new TestCaseData(Offer with { Seats = -1 }).SetArgDisplayNames("seats below 0"),
        new TestCaseData(Offer with { Features = [" "] }).SetArgDisplayNames("a feature without a name"),
        new TestCaseData(Offer with { CustomerReference = "" }).SetArgDisplayNames("no reference"),
    ];

    [TestCaseSource(nameof(Wrongs))]
    public void Is_refused(LicenceOffer offer) => Assert.That(Grant(offer).Refusal!.Status, Is.EqualTo(400));

    [Test]
    public void More_devices_than_seats_are_reported()
    {
        var answer = LicenceAnswers.Answer("acme", new(25, [], new(2027, 9, 30), "PO-4711"), [new("2026-10", 27), new("2026-09", 20)], "2026-10");

        Assert.That((answer.Entitled, answer.Taken, answer.Over), Is.EqualTo(((long?)25, 27, 2)));
        Assert.That(answer.History.Select(m => m.Over), Is.EqualTo([2, 0]));
    }

    [Test]
    public void Without_a_licence_every_seat_is_over() =>
        Assert.That(LicenceAnswers.Answer("acme", null, [new("2026-10", 3)], "2026-10").Over, Is.EqualTo(3));

    private static Decision<LicenceEvent> Grant(LicenceOffer offer, Licence? licence = null) => GrantLicence.Decide(offer, licence ?? Licence.None, "clerk", Now);

    private static bool Same(LicenceEvent a, LicenceEvent b) => System.Text.Json.JsonSerializer.Serialize<object>(a) == System.Text.Json.JsonSerializer.Serialize<object>(b);
}
