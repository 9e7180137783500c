using Fleet.Simulator;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Supplies;
using Fleet.Simulator.Troubles;

namespace Fleet.Agents.Tests;

public class SimulatorTroublesTests
{
    private static readonly DateTimeOffset Monday = new(2026, 10, 12, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Every_trouble_ends_within_its_hour()
    {
        var troubles = Hours(500).SelectMany(hour => TroubleHours.Of(Draw.From(1, 1), hour)).ToList();
        Assert.That(troubles, Is.Not.Empty);
        Assert.That(troubles.All(trouble => trouble.From < trouble.To && trouble.From.Hour == trouble.To.AddTicks(-1).Hour && trouble.To - trouble.From < TimeSpan.FromHours(1)));
    }

    [Test]
    public void Every_kind_of_trouble_happens_and_more_so_at_work()
    {
        var all = Enumerable.Range(0, 50).SelectMany(number => Hours(168).SelectMany(hour => TroubleHours.Of(Draw.From(1, number), hour))).ToList();
        Assert.That(all.Select(trouble => trouble.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<TroubleKind>()));
        Assert.That(all.Count(trouble => trouble.From.Hour is >= 8 and < 13), Is.GreaterThan(all.Count(trouble => trouble.From.Hour is < 5)));
    }

    [Test]
    public void Troubles_of_one_printer_have_alert_indexes_of_their_own() =>
        Assert.That(Hours(2000).SelectMany(hour => TroubleHours.Of(Draw.From(1, 1), hour)).Select(trouble => trouble.AlertIndex), Is.Unique);

    [Test]
    public void A_stopped_printer_stands_still_and_catches_up_afterwards()
    {
        var (printer, stop) = FirstLongStop();
        Assert.That(printer.At(stop.To.AddSeconds(-1)).Pages, Is.EqualTo(printer.At(stop.From).Pages));
        Assert.That(printer.At(stop.From.AddMinutes(1)).DeviceStatus, Is.EqualTo(5));
        Assert.That(printer.At(stop.To.AddMinutes(10)).Pages.Total, Is.GreaterThan(printer.At(stop.From).Pages.Total));
    }

    [Test]
    public void More_troubles_change_no_days_pages()
    {
        var (usual, restless) = (new VirtualPrinter(1, 2), new VirtualPrinter(1, 2, troubles: 10));
        Assert.That(restless.At(Monday.AddDays(3)).Pages, Is.EqualTo(usual.At(Monday.AddDays(3)).Pages));
        int Hours(double factor) => SimulatorTroublesTests.Hours(200).Sum(hour => TroubleHours.Of(Draw.From(1, 2), hour, factor).Count);
        Assert.That(Hours(10), Is.GreaterThan(4 * Hours(1)));
    }

    [Test]
    public void Toner_empties_and_is_replaced()
    {
        var printer = new VirtualPrinter(1, 0);
        var fractions = Enumerable.Range(0, 400).Select(day => printer.At(Monday.AddDays(day - 400)).Supplies.First(supply => supply.IsToner)).ToList();
        Assert.That(fractions.Zip(fractions.Skip(1)).All(pair => pair.Second.Replaced > pair.First.Replaced || pair.Second.Fraction <= pair.First.Fraction));
        Assert.That(fractions[^1].Replaced, Is.GreaterThan(fractions[0].Replaced), "a year without a new cartridge");
        Assert.That(fractions.Any(supply => supply.IsLow || supply.IsEmpty));
    }

    [Test]
    public void A_model_that_only_says_some_remaining_never_says_a_number()
    {
        var spec = new SupplySpec(1, "Toner", 3, 3, 1, 7, -2, "total", 1000, Tells.SomeRemaining);
        var levels = Enumerable.Range(0, 3000).Select(spent => SupplyLevel.At(Draw.From(1, 1), spec, spent).Level).Distinct();
        Assert.That(levels, Is.SubsetOf(new long[] { -3, 0 }));
    }

    private static IEnumerable<DateTimeOffset> Hours(int count) => Enumerable.Range(0, count).Select(hour => Monday.AddHours(hour));

    private static (VirtualPrinter Printer, Trouble Stop) FirstLongStop()
    {
        foreach (var number in Enumerable.Range(0, 200))
        {
            var alone = Hours(5).Select(hour => TroubleHours.Of(Draw.From(1, number), hour.AddHours(8))).Where(troubles => troubles.Count == 1).SelectMany(troubles => troubles);
            if (alone.FirstOrDefault(trouble => trouble.Stops && trouble.To - trouble.From > TimeSpan.FromMinutes(15)) is { } stop)
                return (new VirtualPrinter(1, number), stop);
        }
        throw new InconclusiveException("No printer stopped for a quarter of an hour that morning");
    }
}
