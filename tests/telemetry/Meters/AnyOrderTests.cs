using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Tests.Gate;

namespace Fleet.Telemetry.Tests.Meters;

/// <summary>Random histories through the gate: what is counted is what was printed, and the order of arrival makes no difference.</summary>
public class AnyOrderTests
{
    private const int Histories = 300;
    private static readonly string Id = DeviceIdentity.IdOf("acme", "hq", Samples.P2040);

    [Test]
    public void Pages_counted_are_pages_printed_and_epochs_are_what_happened()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var device = PrintingDevice.Run(new Random(seed));
            var world = Arrive(device, new Random(seed), disorder: false);

            Assert.That(Pages(world), Is.EqualTo(device.Printed), $"seed {seed}");
            Assert.That(Epochs(world).Select(e => (e.Counter, e.Reason, e.At)), Is.EquivalentTo(device.Epochs), $"seed {seed}");
        }
    }

    [Test]
    public void Whatever_order_readings_come_in_and_however_often_the_outcome_is_the_same()
    {
        var restated = 0;
        for (var seed = 0; seed < Histories; seed++)
        {
            var device = PrintingDevice.Run(new Random(seed));
            var (ordered, shuffled) = (Arrive(device, new Random(seed), disorder: false), Arrive(device, new Random(seed + 1), disorder: true));

            Assert.That(Pages(shuffled), Is.EqualTo(device.Printed), $"seed {seed}");
            Assert.That(Epochs(shuffled), Is.EqualTo(Epochs(ordered)), $"seed {seed}");
            Assert.That(shuffled.DeviceOf("acme", Id).Meters.Same(ordered.DeviceOf("acme", Id).Meters), $"seed {seed}: the state differs");
            restated += shuffled.All<MeterEvent.Restated>().Count;
        }
        Assert.That(restated, Is.GreaterThan(Histories), "was anything late at all?");
    }

    [Test]
    public void The_pages_of_all_days_are_the_pages_counted_and_no_day_depends_on_the_order()
    {
        for (var seed = 0; seed < Histories / 3; seed++)
        {
            var device = PrintingDevice.Run(new Random(seed));
            var (ordered, shuffled) = (Days(Arrive(device, new Random(seed), disorder: false)), Days(Arrive(device, new Random(seed + 1), disorder: true)));

            Assert.That(Sums(shuffled), Is.EqualTo(device.Printed), $"seed {seed}");
            Assert.That(shuffled.SelectMany(d => d.Counters.Select(c => (d.Day, c))), Is.EqualTo(ordered.SelectMany(d => d.Counters.Select(c => (d.Day, c)))), $"seed {seed}");
        }
    }

    private static Dictionary<string, long> Sums(IReadOnlyList<MeterDay> days) =>
        days.SelectMany(d => d.Counters).GroupBy(c => c.Counter).ToDictionary(c => c.Key, c => c.Sum(d => d.Pages));

    // The views' own folds over what is stored, as the daemon runs them.
    private static IReadOnlyList<MeterDay> Days(GateWorld world)
    {
        var (weeks, epochs) = (new SortedDictionary<string, DailyMetersRow>(StringComparer.Ordinal), new SortedDictionary<string, EpochsRow>(StringComparer.Ordinal));
        foreach (var e in world.Everything.OfType<DeviceEvent>())
        {
            IEvent stored = Stored((dynamic)e);
            Fold(DailyMeters.View, weeks, stored);
            Fold(CounterEpochs.View, epochs, stored);
        }
        return CountDays.Decide(
            weeks.SelectMany(w => Enumerable.Range(0, 7).Select(MeterWeek.FirstOf(DailyMeters.WeekOf(w.Key)).AddDays).Select(day => (day, MeterWeek.Read(w.Value.Week)[day])))
                .Where(d => d.Item2 is not null).Select(d => (d.day, (IReadOnlyDictionary<string, long>)d.Item2!)),
            CounterEpoch.Of([.. epochs.Values]), Array.Empty<Correction>().ToLookup(_ => default(DateOnly)));
    }

    private static void Fold<TRow>(IView view, SortedDictionary<string, TRow> rows, IEvent e)
        where TRow : class
    {
        foreach (var key in view.Keys(e))
            if (view.Evolve(rows.GetValueOrDefault(key), e, key) is TRow row)
                rows[key] = row;
            else
                rows.Remove(key);
    }

    private static IEvent Stored<T>(T data)
        where T : notnull => new Event<T>(data) { Id = Guid.Empty, TenantId = "acme", StreamKey = Device.StreamKey(Id) };

    [Test] // the twin: what a late reading says of those around it is needed
    public void Without_what_is_restated_disorder_would_count_wrong()
    {
        var wrong = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var device = PrintingDevice.Run(new Random(seed));
            var events = Arrive(device, new Random(seed + 1), disorder: true).Everything.OfType<DeviceEvent>();
            var deaf = events.Where(e => e is not MeterEvent.Restated).Aggregate(Device.Unknown, Device.Evolve);
            wrong += device.Printed.All(p => deaf.Meters.Tails[p.Key].Counted == p.Value) ? 0 : 1;
        }
        Assert.That(wrong, Is.GreaterThan(10));
    }

    // In one history all readings come in the order of observation; in the other they come shuffled, some twice, several to a pass.
    private static GateWorld Arrive(PrintingDevice device, Random random, bool disorder)
    {
        var (world, first, second) = (GateWorld.OfAcme(), new Site(), new Site(agent: "acme-hq-2"));
        world.Now = device.Clock.AddHours(1);
        var batches = device.Readings.Select(r => (r.At, Batch: (r.SecondAgent ? second : first).SendsAt(r.At, r.Read))).ToList();
        if (!disorder)
        {
            foreach (var (_, batch) in batches.OrderBy(b => b.At))
                world.Receives(batch);
            return world;
        }
        var shuffled = batches.Concat(batches.Where(_ => random.Next(3) == 0)).Select(b => b.Batch).ToArray();
        random.Shuffle(shuffled);
        for (var at = 0; at < shuffled.Length;)
        {
            var many = random.Next(1, 6);
            world.Receives([.. shuffled.Skip(at).Take(many)]);
            at += many;
        }
        return world;
    }

    private static Dictionary<string, long> Pages(GateWorld world) => world.DeviceOf("acme", Id).Meters.Tails.ToDictionary(t => t.Key, t => t.Value.Counted);

    private static (string Counter, string Reason, DateTimeOffset At, Guid Reading, long Value, long? Bridged, ReadCount? Before)[] Epochs(GateWorld world)
    {
        var epochs = new Dictionary<Guid, MeterEvent.EpochsStarted>();
        foreach (var e in world.Everything)
            foreach (var started in e switch { MeterEvent.EpochsStarted one => [one], MeterEvent.Restated many => many.Epochs, _ => (IReadOnlyList<MeterEvent.EpochsStarted>)[] })
                epochs[started.ReadingId] = started;
        return [.. from started in epochs.Values
                   from start in started.Starts
                   orderby started.At, start.Counter
                   select (start.Counter, start.Reason, started.At, started.ReadingId, start.Value, start.Bridged, start.Before)];
    }
}
