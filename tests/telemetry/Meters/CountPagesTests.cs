using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Meters;

/// <summary>Each trouble of the field once: what is counted, under which epoch, with which quality.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class CountPagesTests
{
    private static readonly string Id = DeviceIdentity.IdOf("acme", "hq", P2040);
    private readonly Site _hq = new(), _second = new(agent: "acme-hq-2");
    private readonly GateWorld _world = GateWorld.OfAcme();

    public CountPagesTests() => _world.Now = Noon.AddDays(400);

    [TestCase(31)]
    [TestCase(32)]
    public void A_counter_that_runs_over_loses_no_page(int power)
    {
        Reads(0, (1L << power) - 5);
        Reads(60, 7);

        Assert.That((Counted, Reasons), Is.EqualTo((12L, "first wrap")));
        Assert.That(Start(1).Bridged, Is.EqualTo(12));
        Assert.That(QualityOfLast, Is.EqualTo("wrap"));
    }

    [Test] // the twin: more pages over the edge than an engine prints in the time
    public void A_fall_that_is_no_wrap_bridges_nothing()
    {
        Reads(0, (1L << 31) - 500_000);
        Reads(60, 7);
        Assert.That((Counted, Reasons, Start(1).Bridged), Is.EqualTo((0L, "first reset", (long?)null)));
    }

    [Test]
    public void A_reset_counts_on_from_where_it_fell_and_keeps_its_evidence()
    {
        Reads(0, 90_000);
        Reads(60, 90_100);
        Reads(120, 3);
        Reads(180, 10);

        Assert.That((Counted, Reasons), Is.EqualTo((107L, "first reset")));
        Assert.That(Start(1).Before, Is.EqualTo(new ReadCount(_hq.IdOf(2), Noon.AddMinutes(60), 90_100)));
    }

    [Test]
    public void A_counter_that_drops_after_a_board_swap_starts_anew_and_says_why()
    {
        Reads(0, 90_000);
        Reads(60, 41_000, P2040 with { Mac = "00:17:c8:00:00:02" });     // no MAC was known before: nothing but the fall
        Reads(120, 90_500, P2040 with { Mac = "00:17:c8:00:00:03" });

        Assert.That((Counted, Reasons), Is.EqualTo((0L, "first decrease board-swap")));
        Assert.That(_world.All<MeterEvent.EpochsStarted>()[^1].Signs, Is.EqualTo(new[] { "mac" }));
    }

    [Test]
    public void Counters_that_fall_together_are_another_board()
    {
        Reads(0, Both(90_000, 60_000));
        Reads(60, Both(41_000, 30_000));

        Assert.That(_world.All<MeterEvent.EpochsStarted>()[^1].Starts.Select(s => s.Reason), Is.EqualTo(new[] { "board-swap", "board-swap" }));
        Assert.That(_world.All<MeterEvent.EpochsStarted>()[^1].Signs, Is.EqualTo(new[] { "together" }));
    }

    [Test]
    public void A_jump_beyond_what_an_engine_prints_is_not_counted()
    {
        Reads(0, 1_000);
        Reads(60, 900_000);
        Reads(120, 900_010);

        Assert.That((Counted, Reasons), Is.EqualTo((10L, "first jump")));
        Assert.That(_world.All<DeviceEvent.MeterRead>()[1].Marks!.Single().Quality, Is.EqualTo("implausible"));
    }

    [Test] // the twin: the same pages in the time they take
    public void What_an_engine_can_print_is_counted()
    {
        Reads(0, 1_000);
        Reads(60 * 24 * 4, 900_000);
        Assert.That((Counted, Reasons, QualityOfLast), Is.EqualTo((899_000L, "first", "gap")));
    }

    [Test]
    public void All_ones_are_no_count()
    {
        Reads(0, 1_000);
        Reads(60, uint.MaxValue);
        Reads(120, 1_005);

        Assert.That((Counted, Reasons), Is.EqualTo((5L, "first")));
    }

    [Test]
    public void Two_agents_at_one_device_whose_clocks_disagree_count_no_page_twice()
    {
        Reads(0, 1_000);
        Reads(15, 1_040);
        Reads(17, 1_030, agent: _second);      // its clock is fast: this was before the reading above
        Reads(30, 1_080);
        Reads(32, 1_070, agent: _second);

        Assert.That((Counted, Reasons, QualityOfLast), Is.EqualTo((80L, "first", "decrease")));
    }

    [Test] // the twin: one agent's clock does not disagree with itself
    public void A_fall_in_one_agents_own_readings_is_an_epoch()
    {
        Reads(0, 1_040);
        Reads(2, 1_030);
        Assert.That(Reasons, Is.EqualTo("first reset"));
    }

    [Test]
    public void A_count_read_from_another_object_is_not_compared_with_the_last()
    {
        Reads(0, 1_000);
        Reads(60, new MeterRead(P2040, new("kyocera", 4), [new("total", 1_090, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1")]));
        Assert.That((Counted, Reasons, QualityOfLast), Is.EqualTo((0L, "first source", "source")));
    }

    [Test]
    public void A_late_reading_takes_its_place_and_restates_what_it_changes()
    {
        Reads(0, 90_000);
        Reads(120, 90_000 + 30_000);        // 30,000 in two hours: 36,000 would be possible
        Reads(60, 5);                       // late: it was reset in between
        var restated = _world.All<MeterEvent.Restated>().Single();

        Assert.That((Counted, restated.Because), Is.EqualTo((0L, _hq.IdOf(3))));
        Assert.That(restated.Epochs.Select(e => (e.ReadingId, e.Starts.Single().Reason)), Is.EqualTo(new[] { (_hq.IdOf(3), "reset"), (_hq.IdOf(2), "jump") }));
        Assert.That(restated.Marks.Single().ReadingId, Is.EqualTo(_hq.IdOf(2)), "what was good is now a jump");
    }

    [Test] // the twin
    public void A_late_reading_that_fits_in_restates_nothing()
    {
        Reads(0, 90_000);
        Reads(120, 90_100);
        Reads(60, 90_050);

        Assert.That(_world.All<MeterEvent.Restated>(), Is.Empty);
        Assert.That((Counted, _world.All<DeviceEvent.MeterRead>()[^1].Late), Is.EqualTo((100L, true)));
    }

    [Test]
    public void Names_without_end_do_not_fill_a_device()
    {
        for (var i = 0; i < 10; i++)
            Reads(i * 60, new MeterRead(P2040, Kyocera, [.. Enumerable.Range(0, 20).Select(n => new CounterRead($"c{i}.{n}", 1, "impressions", "1.3"))]));
        Assert.That(_world.DeviceOf("acme", Id).Meters.Tails, Has.Count.LessThan(85));
    }

    private long Counted => _world.DeviceOf("acme", Id).Meters.Tails["total"].Counted;

    private string Reasons => string.Join(' ', _world.All<MeterEvent.EpochsStarted>().Select(e => e.Starts.Single(s => s.Counter == "total").Reason));

    private EpochStart Start(int number) => _world.All<MeterEvent.EpochsStarted>()[number].Starts.Single(s => s.Counter == "total");

    private string QualityOfLast => Quality.Worst((_world.All<DeviceEvent.MeterRead>()[^1].Marks ?? []).Select(m => m.Quality));

    private static MeterRead Both(long total, long mono) =>
        new(P2040, Kyocera, [new("total", total, "impressions", "1.3.6.1.4.1.1347.1"), new("mono", mono, "impressions", "1.3.6.1.4.1.1347.2")]);

    private void Reads(int minutes, long total, DeviceRef? device = null, Site? agent = null) =>
        Reads(minutes, new MeterRead(device ?? P2040, Kyocera, [new("total", total, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1")]), agent);

    private void Reads(int minutes, MeterRead read, Site? agent = null) => _world.Receives((agent ?? _hq).SendsAt(Noon.AddMinutes(minutes), read));
}
