using Fleet.Telemetry.Meters;

namespace Fleet.Telemetry.Tests.Meters;

public class MeterWeekTests
{
    private static readonly DateOnly Monday = new(2026, 11, 16);

    [Test]
    public void A_week_reads_as_it_was_written_whatever_its_counters_do()
    {
        var random = new Random(5);
        string[] names = ["total", "mono", "life", "a counter nobody knows", "größe"];
        for (var i = 0; i < 500; i++)
        {
            var week = new MeterWeek();
            for (var day = 0; day < 7; day++)
                foreach (var name in names.Where(_ => random.Next(3) > 0))
                    week.Close(Monday.AddDays(day), name, random.Next(4) switch { 0 => random.NextInt64(), 1 => long.MaxValue, 2 => 0, _ => random.Next(100_000) });

            var back = MeterWeek.Read(week.Write());

            for (var day = 0; day < 7; day++)
                Assert.That(back[Monday.AddDays(day)], Is.EqualTo(week[Monday.AddDays(day)]));
        }
    }

    [Test]
    public void Days_fall_into_weeks_that_begin_on_Monday()
    {
        Assert.That(MeterWeek.FirstOf(MeterWeek.NumberOf(Monday)), Is.EqualTo(Monday));
        Assert.That(MeterWeek.NumberOf(Monday.AddDays(6)), Is.EqualTo(MeterWeek.NumberOf(Monday)));
        Assert.That(MeterWeek.NumberOf(Monday.AddDays(-1)), Is.EqualTo(MeterWeek.NumberOf(Monday) - 1));
    }

    [Test] // rows outlive the code that wrote them
    public void The_bytes_of_a_week_never_change()
    {
        var week = new MeterWeek();
        week.Close(Monday, "total", 7342);
        week.Close(Monday.AddDays(2), "total", 7300);
        week.Close(Monday.AddDays(2), "x", 1);
        Assert.That(Convert.ToHexStringLower(week.Write()), Is.EqualTo("020200017805dd72005403"));
    }

    [Test]
    public void A_usual_week_takes_few_bytes()
    {
        var week = new MeterWeek();
        foreach (var day in Enumerable.Range(0, 7))
            foreach (var (name, i) in new[] { "life", "total", "mono", "color", "print", "copy", "scan", "fax" }.Select((n, i) => (n, i)))
                week.Close(Monday.AddDays(day), name, 1_000_000 * (i + 1) + day * 200);
        Assert.That(week.Write(), Has.Length.LessThan(7 * 20 + 10));
    }
}
