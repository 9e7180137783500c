using Fleet.Cli.Demo;

namespace Fleet.Cli.Tests;

public class QuietTests
{
    [Test]
    public void The_lag_of_all_readers_is_summed() => Assert.That(Quiet.Lag("""
        # TYPE fleet_eventstore_lag gauge
        fleet_eventstore_lag{shard="devices",store="telemetry"} 3
        fleet_eventstore_lag{shard="announce",store="billing"} 4
        fleet_eventstore_appended_total{store="billing"} 236
        """), Is.EqualTo(7));

    [Test]
    public void A_label_that_sounds_like_it_is_no_lag() => Assert.That(Quiet.Lag("fleet_http_requests_total{route=\"/flag\"} 5"), Is.Zero);
}
