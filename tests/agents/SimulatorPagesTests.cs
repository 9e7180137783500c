using Fleet.Simulator;
using Fleet.Simulator.Commands;
using Fleet.Simulator.Pages;
using Fleet.Simulator.Personalities;
using Fleet.Simulator.Printers;

namespace Fleet.Agents.Tests;

public class SimulatorPagesTests
{
    private static readonly DateTimeOffset Morning = new(2026, 10, 14, 9, 41, 0, TimeSpan.Zero);

    [Test]
    public void The_same_seed_and_number_give_the_same_printer_at_any_time()
    {
        foreach (var at in new[] { Morning, Morning.AddDays(-200), Morning.AddHours(3) })
        {
            var (one, other) = (new VirtualPrinter(7, 42).At(at), new VirtualPrinter(7, 42).At(at));
            Assert.That((other.Pages, other.Trays, other.ErrorState, other.UpTime), Is.EqualTo((one.Pages, one.Trays, one.ErrorState, one.UpTime)));
            Assert.That(other.Supplies.Select(supply => supply.Level), Is.EqualTo(one.Supplies.Select(supply => supply.Level)));
        }
    }

    [Test]
    public void Another_seed_gives_another_printer() =>
        Assert.That(new VirtualPrinter(8, 42).At(Morning).Pages, Is.Not.EqualTo(new VirtualPrinter(7, 42).At(Morning).Pages));

    [Test]
    public void A_printer_started_anew_answers_what_a_printer_that_ran_all_along_answers()
    {
        var ranAllAlong = new VirtualPrinter(3, 5);
        for (var at = Morning.AddDays(-90); at < Morning; at = at.AddHours(7)) ranAllAlong.At(at);
        Assert.That(new VirtualPrinter(3, 5).At(Morning).Pages, Is.EqualTo(ranAllAlong.At(Morning).Pages));
    }

    [Test]
    public void Counters_never_fall_while_troubles_come_and_go()
    {
        foreach (var number in Enumerable.Range(0, 12))
        {
            var printer = new VirtualPrinter(1, number);
            var before = printer.At(Morning.Date).Pages;
            for (var at = new DateTimeOffset(2026, 10, 14, 0, 0, 0, TimeSpan.Zero); at < Morning.AddDays(2); at = at.AddSeconds(97))
            {
                var now = printer.At(at).Pages;
                foreach (var (name, count) in PageCounts.Named)
                    Assert.That(count(now), Is.GreaterThanOrEqualTo(count(before)), $"printer {number} {name} at {at:O}");
                before = now;
            }
        }
    }

    [Test]
    public void The_account_of_a_span_is_the_sum_of_its_days()
    {
        foreach (var personality in Personality.All)
        {
            var draw = Draw.From(11, 3);
            var account = new PageAccount(draw, personality.Usage);
            var (from, to) = (new DateOnly(2026, 1, 17), new DateOnly(2026, 9, 3));
            var days = default(PageCounts);
            for (var day = from; day < to; day = day.AddDays(1)) days += personality.Usage.Day(draw, day);
            Assert.That(account.At(Midnight(to)) - account.At(Midnight(from)), Is.EqualTo(days), personality.Model);
        }
    }

    [Test]
    public void Mono_and_colour_are_the_total_and_mono_printers_have_no_colour()
    {
        foreach (var number in Enumerable.Range(0, 60))
        {
            var printer = new VirtualPrinter(1, number);
            var pages = printer.At(Morning).Pages;
            Assert.That(pages.Mono + pages.Color, Is.EqualTo(pages.Total));
            Assert.That(pages.Color > 0, Is.EqualTo(printer.Personality.Usage.Color > 0));
        }
    }

    [Test]
    public void Weekends_are_quiet_and_nights_quieter()
    {
        var printer = new VirtualPrinter(1, 1);
        long Pages(DateTimeOffset from, TimeSpan span) => (printer.At(from + span).Pages - printer.At(from).Pages).Total;
        var monday = new DateTimeOffset(2026, 10, 12, 0, 0, 0, TimeSpan.Zero);
        Assert.That(Pages(monday.AddDays(5), TimeSpan.FromDays(2)), Is.LessThan(Pages(monday, TimeSpan.FromDays(5)) / 5));
        Assert.That(Pages(monday, TimeSpan.FromHours(5)), Is.Zero);
    }

    [Test]
    public void The_pages_command_counts_what_the_printers_show()
    {
        var (from, to) = (Morning.AddDays(-30), Morning);
        var pages = CountPages.Of(seed: 5, printers: 6, from, to).ToList();
        var printer = new VirtualPrinter(5, 4);
        Assert.That(pages[4].Serial, Is.EqualTo(printer.Serial));
        Assert.That(pages[4].Counters["mono"], Is.EqualTo(new CountedPages(printer.At(from).Pages.Mono, printer.At(to).Pages.Mono)));
        Assert.That(pages[4].Counters["total"].Pages, Is.EqualTo(pages[4].Counters["mono"].Pages + pages[4].Counters["color"].Pages));
    }

    [Test]
    public void No_two_printers_of_a_seed_share_a_serial() =>
        Assert.That(Enumerable.Range(0, 2000).Select(number => new VirtualPrinter(1, number).Serial), Is.Unique);

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
