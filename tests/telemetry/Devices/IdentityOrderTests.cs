using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Devices;

/// <summary>The same observations in any order end as the same devices: against a reference that only knows which names were heard together.</summary>
public class IdentityOrderTests
{
    private const int Worlds = 300, Orders = 6;

    [Test]
    public void Devices_that_tell_now_this_and_now_that_of_their_names_end_as_one_in_any_order()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var observations = Observations(random).ToList();
            var expected = Together(observations);
            for (var order = 0; order < Orders; order++)
                Assert.That(Identify([.. observations.OrderBy(_ => random.Next())], observations), Is.EqualTo(expected), $"world {seed}, order {order}");
        }
    }

    [Test] // the twin: told apart by what they call themselves first, they would not
    public void Without_what_links_names_the_order_would_matter()
    {
        var differing = Enumerable.Range(0, Worlds).Count(seed =>
        {
            var observations = Observations(new Random(seed)).ToList();
            return !observations.Select(o => DeviceIdentity.IdOf("acme", "hq", o.Device)).Select(Number()).SequenceEqual(Together(observations));
        });
        Assert.That(differing, Is.GreaterThan(Worlds / 2));
    }

    [Test]
    public void Printers_that_tell_their_serial_numbers_are_told_apart_whatever_addresses_they_trade()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var observations = Enumerable.Range(0, 30).Select(n => (Printer: random.Next(4), Address: random.Next(3), At: Noon.AddHours(n)))
                .Select(o => (Device: new DeviceRef($"k{o.Printer}", "Kyocera", $"SN{o.Printer}", $"00:17:c8:00:00:0{o.Printer}", $"192.0.2.{o.Address}"), o.At)).ToList();
            Assert.That(Identify([.. observations.OrderBy(_ => random.Next())], observations), Is.EqualTo(Together(observations, o => o.Serial!)), $"world {seed}");
        }
    }

    // Each printer has names of its own and tells some of them; all within a day.
    private static IEnumerable<(DeviceRef Device, DateTimeOffset At)> Observations(Random random)
    {
        for (var n = 0; n < 20; n++)
        {
            var printer = random.Next(4);
            var tells = random.Next(1, 8);
            yield return (new DeviceRef($"key-{n}",
                (tells & 1) != 0 ? "Kyocera" : null, (tells & 1) != 0 ? $"SN{printer}" : null,
                (tells & 2) != 0 ? $"00:17:c8:00:00:0{printer}" : null, (tells & 4) != 0 ? $"192.0.2.{printer}" : null), Noon.AddMinutes(n));
        }
    }

    // Device number of each observation, in the order of the list: the gate's answer, merges followed to their end.
    private static int[] Identify(IReadOnlyList<(DeviceRef Device, DateTimeOffset At)> order, List<(DeviceRef Device, DateTimeOffset At)> list)
    {
        var index = new DeviceIndex([], []);
        var ids = new Dictionary<(DeviceRef, DateTimeOffset), string>();
        foreach (var (device, at) in order)
        {
            var identified = DeviceIdentity.Decide("acme", "hq", device, at, index);
            index.Note("acme", identified, at);
            ids[(device, at)] = identified.Id;
        }
        return [.. list.Select(o => index.Follow("acme", ids[o])).Select(Number())];
    }

    private static int[] Together(List<(DeviceRef Device, DateTimeOffset At)> list, Func<DeviceRef, string>? by = null)
    {
        if (by is not null)
            return [.. list.Select(o => by(o.Device)).Select(Number())];
        var parent = Enumerable.Range(0, list.Count).ToArray();
        int Root(int i) => parent[i] == i ? i : parent[i] = Root(parent[i]);
        for (var i = 0; i < list.Count; i++)
            for (var j = 0; j < i; j++)
                if (Names(list[i].Device).Intersect(Names(list[j].Device)).Any())
                    parent[Root(i)] = Root(j);
        return [.. Enumerable.Range(0, list.Count).Select(i => $"{Root(i)}").Select(Number())];
    }

    private static IEnumerable<string> Names(DeviceRef d) => new[] { d.Serial, d.Mac, d.Address }.OfType<string>();

    private static Func<string, int> Number()
    {
        var numbers = new Dictionary<string, int>();
        return id => numbers.TryGetValue(id, out var n) ? n : numbers[id] = numbers.Count;
    }
}
