using Fleet.Alerting.Alerts;
using static Fleet.Alerting.Tests.Say;

namespace Fleet.Alerting.Tests;

public class ActTests
{
    private static readonly string First = AlertId.Of("acme", "d1", "supply-1.1", 1), Second = AlertId.Of("acme", "d1", "supply-1.1", 2);
    private static readonly AlertEvent[] Raised = [.. Hear(Toner(0, 9))];
    private static readonly AlertEvent[] RaisedAgain = [.. Hear(Toner(0, 9), Toner(1, 90), Toner(2, 9))];

    [Test]
    public void Acknowledging_a_raised_alert_says_who_and_why() =>
        Assert.That(Acknowledge.Decide(First, "ana", "cartridge ordered", Minute(3), BlackToner, After(Raised)).Events,
            Is.EqualTo(new[] { new AlertEvent.Acknowledged(First, "d1", "supply-1.1", "ana", "cartridge ordered", Minute(3)) }));

    [Test]
    public void Acknowledging_twice_changes_nothing()
    {
        var acknowledged = After([.. Raised, new AlertEvent.Acknowledged(First, "d1", "supply-1.1", "ana", null, Minute(3))]);
        var again = Acknowledge.Decide(First, "bob", null, Minute(4), BlackToner, acknowledged);
        Assert.That((again.Events, again.Refusal), Is.EqualTo((Array.Empty<AlertEvent>(), (object?)null)).AsCollection);
    }

    [Test]
    public void An_episode_that_is_over_cannot_be_acknowledged_although_a_new_one_is_open()
    {
        Assert.That(Acknowledge.Decide(First, "ana", null, Minute(3), BlackToner, After(RaisedAgain)).Refusal?.Type, Is.EqualTo("alert-resolved"));
        Assert.That(Acknowledge.Decide(Second, "ana", null, Minute(3), BlackToner, After(RaisedAgain)).Refusal, Is.Null);
    }

    [Test]
    public void Resolving_ends_a_raised_and_an_acknowledged_alert()
    {
        AlertEvent.Resolved resolved = new(First, "d1", "supply-1.1", "ana", null, Minute(3));
        var acknowledged = After([.. Raised, new AlertEvent.Acknowledged(First, "d1", "supply-1.1", "ana", null, Minute(2))]);
        Assert.That(Resolve.Decide(First, "ana", null, Minute(3), BlackToner, After(Raised)).Events, Is.EqualTo(new[] { resolved }));
        Assert.That(Resolve.Decide(First, "ana", null, Minute(3), BlackToner, acknowledged).Events, Is.EqualTo(new[] { resolved }));
    }

    [Test]
    public void Resolving_what_is_over_changes_nothing_and_does_not_touch_the_next_episode() =>
        Assert.That(Resolve.Decide(First, "ana", null, Minute(3), BlackToner, After(RaisedAgain)).Events, Is.Empty);

    [Test]
    public void An_alerts_id_is_the_same_for_ever() => Assert.That(First, Is.EqualTo("bf14cd090eea4028647a83204b87d3b7"));

    [Test]
    public void No_two_conditions_or_episodes_share_an_id() =>
        Assert.That(new[] { First, Second, AlertId.Of("acm", "ed1", "supply-1.1", 1), AlertId.Of("acme", "d1s", "upply-1.1", 1), AlertId.Of("globex", "d1", "supply-1.1", 1) }, Is.Unique);

    [Test]
    public void A_note_of_501_characters_is_refused_and_one_of_500_is_kept()
    {
        Assert.That(new Remark(new string('n', 501)).Refusal?.Type, Is.EqualTo("note-too-long"));
        Assert.That(new Remark(new string('n', 500)).Refusal, Is.Null);
    }
}
