using Fleet.Cli.Demo;

namespace Fleet.Cli.Tests;

public class QuietTests
{
    [Test]
    public void The_lag_of_those_between_a_reading_and_its_bill_is_summed() => Assert.That(Quiet.Lag("""
        # TYPE fleet_eventstore_lag gauge
        fleet_eventstore_lag{shard="devices",store="telemetry"} 3
        fleet_eventstore_lag{shard="announce",store="billing"} 4
        fleet_eventstore_appended_total{store="billing"} 236
        """), Is.EqualTo(7));

    [Test]
    public void Who_does_not_bill_may_lag() => Assert.That(Quiet.Lag("fleet_eventstore_lag{shard=\"announce\",store=\"alerting\"} 5"), Is.Zero);
}
