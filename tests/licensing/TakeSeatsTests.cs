using System.Globalization;
using Fleet.Licensing.Seats;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Licensing.Tests;

public class TakeSeatsTests
{
    [Test]
    public void The_first_report_of_a_month_takes_a_seat()
    {
        var taken = Take([new("dev-2", At("2026-10-03")), new("dev-1", At("2026-10-02"))], After("dev-9"));

        Assert.That(taken, Is.EqualTo(new[]
        {
            new SeatEvent.SeatTaken("dev-1", "2026-10", 2, At("2026-10-02")),
            new SeatEvent.SeatTaken("dev-2", "2026-10", 3, At("2026-10-03")),
        }));
    }

    [Test]
    public void A_device_that_reports_all_day_takes_one_seat()
    {
        Assert.That(Take([new("dev-1", At("2026-10-02")), new("dev-1", At("2026-10-03"))], SeatMonth.Empty), Has.Count.EqualTo(1), "within a message");
        Assert.That(Take([new("dev-1", At("2026-10-04"))], After("dev-1")), Is.Empty, "in another message");
    }

    [TestCase("2026-10-31T23:59:59Z", "2026-10")]
    [TestCase("2026-11-01T00:00:00Z", "2026-11")]
    [TestCase("2026-11-01T00:30:00+01:00", "2026-10")]
    public void Months_are_of_UTC(string at, string month) => Assert.That(Month.Of(At(at)), Is.EqualTo(month));

    [Test]
    public void However_messages_are_cut_shuffled_and_doubled_each_device_has_one_seat_and_seats_count_up() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<byte[][]>().ToArbitrary(), messages =>
        {
            var (seats, taken) = (SeatMonth.Empty, new List<SeatEvent.SeatTaken>());
            foreach (var message in messages.Concat(messages))
                foreach (var e in Take([.. message.Select(device => new Report($"dev-{device}", At("2026-10-01").AddMinutes(device)))], seats))
                {
                    seats = SeatMonth.Evolve(seats, e);
                    taken.Add(e);
                }
            Assert.That(taken.Select(t => t.DeviceId), Is.EquivalentTo(messages.SelectMany(m => m).Distinct().Select(device => $"dev-{device}")));
            Assert.That(taken.Select(t => t.Seats), Is.EqualTo(Enumerable.Range(1, taken.Count)));
        }).QuickCheckThrowOnFailure();

    private static List<SeatEvent.SeatTaken> Take(Report[] reports, SeatMonth seats) =>
        [.. TakeSeats.Decide("2026-10", reports, seats).Cast<SeatEvent.SeatTaken>()];

    private static SeatMonth After(params string[] devices) =>
        Take([.. devices.Select(device => new Report(device, At("2026-10-01")))], SeatMonth.Empty).Aggregate(SeatMonth.Empty, SeatMonth.Evolve);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
