using Fleet.Alerting.Alerts;
using Fleet.Contracts.Telemetry.V1;
using static Fleet.Alerting.Tests.Say;

namespace Fleet.Alerting.Tests;

public class WeighTests
{
    private static readonly AlertEvent[] ResolvedByAna =
    [
        .. Hear(Toner(0, 9)),
        new AlertEvent.Resolved(AlertId.Of("acme", "d1", "supply-1.1", 1), "d1", "supply-1.1", "ana", null, Minute(1)),
    ];

    [Test]
    public void What_a_person_resolved_does_not_ring_again_for_the_same_evidence() => Assert.That(Told(Hear(ResolvedByAna, Toner(2, 8), Toner(3, 7))), Is.Empty);

    [Test]
    public void What_a_person_resolved_rings_again_when_it_gets_worse() =>
        Assert.That(Told(Hear(ResolvedByAna, Toner(2, 0))), Is.EqualTo(new[] { "raised 2 critical" }));

    [Test]
    public void What_a_person_resolved_rings_again_after_it_was_over() =>
        Assert.That(Told(Hear(ResolvedByAna, Toner(2, 90), Toner(3, 9))), Is.EqualTo(new[] { "raised 2 warning" }));

    [Test]
    public void A_persons_clock_does_not_make_the_devices_words_late()
    {
        AlertEvent[] ahead = [ResolvedByAna[0], (AlertEvent.Resolved)ResolvedByAna[1] with { At = Minute(600) }];
        Assert.That(Told(Hear(ahead, Toner(2, 90), Toner(3, 9))), Is.EqualTo(new[] { "raised 2 warning" }));
    }

    [Test]
    public void An_acknowledged_alert_that_worsens_needs_somebody_again()
    {
        var alert = After([.. Hear(Toner(0, 9)), new AlertEvent.Acknowledged("id", "d1", "supply-1.1", "ana", null, Minute(1)), .. Hear(Toner(0, 9), Toner(2, 0)).Skip(1)]);
        Assert.That(alert, Has.Property("Status").EqualTo(AlertStatus.Raised).And.Property("Severity").EqualTo("critical"));
    }

    [Test]
    public void Whatever_the_order_and_however_often_the_newest_clear_word_decides() =>
        Assert.That(WrongEndings(Weigh.Decide), Is.Empty);

    [Test]
    public void That_check_finds_a_decision_that_forgets_when_things_were_seen() =>
        Assert.That(WrongEndings((evidence, of, at, alert) => Weigh.Decide(evidence, of, at, alert with { Words = alert.Words.Clear(), OverAt = DateTimeOffset.MinValue })), Is.Not.Empty);

    // Random levels, shuffled, some twice: low at the newest moment must end open, full must end quiet.
    private static List<string> WrongEndings(Func<Evidence?, Condition, DateTimeOffset, Alert, IReadOnlyList<AlertEvent>> decide)
    {
        var wrong = new List<string>();
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var levels = Enumerable.Range(0, random.Next(2, 9)).Select(minute => Toner(minute, random.Next(0, 101))).ToList();
            levels.Add(Toner(100, random.Next(2) == 0 ? random.Next(0, 11) : random.Next(26, 101)));
            SupplyLevelChanged[] arriving = [.. levels, .. levels.Where(_ => random.Next(3) == 0)];
            random.Shuffle(arriving);

            var alert = Alert.Quiet;
            foreach (var level in arriving)
                alert = decide(WatchSupply.Evidence(level), BlackToner, level.At, alert).Aggregate(alert, Alert.Evolve);
            if (levels[^1].Percent <= 10 != alert.Status is not AlertStatus.Quiet)
                wrong.Add($"seed {seed}: ended {alert.Status} at {levels[^1].Percent} %");
        }
        return wrong;
    }
}
