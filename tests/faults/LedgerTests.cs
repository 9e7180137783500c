namespace Fleet.Faults.Tests;

/// <summary>The ledger sees each kind of wrong: what it finds even is even.</summary>
public class LedgerTests
{
    private static readonly Guid One = new("00000000-0000-0000-0000-000000000001"), Two = new("00000000-0000-0000-0000-000000000002");

    [Test]
    public void What_was_acknowledged_and_is_found_once_is_even() => Assert.That(Of(One, Two).Against([Two, One]), Is.EqualTo(Balance.Even));

    [Test]
    public void A_lost_event_is_seen() => Assert.That(Of(One, Two).Against([One]).Lost, Is.EqualTo(1));

    [Test]
    public void A_doubled_event_is_seen() => Assert.That(Of(One, Two).Against([One, Two, Two]).Doubled, Is.EqualTo(1));

    [Test]
    public void An_event_nobody_sent_is_seen() => Assert.That(Of(One).Against([One, Two]).Invented, Is.EqualTo(1));

    [Test]
    public void An_attempt_that_was_never_acknowledged_may_be_there_or_not()
    {
        var ledger = Of(One);
        ledger.Attempt(Two);
        Assert.That(ledger.Against([One]), Is.EqualTo(Balance.Even));
        Assert.That(ledger.Against([One, Two]), Is.EqualTo(Balance.Even));
    }

    private static Ledger Of(params Guid[] ids)
    {
        var ledger = new Ledger();
        foreach (var id in ids)
        {
            ledger.Attempt(id);
            ledger.Acknowledge(id);
        }
        return ledger;
    }
}
