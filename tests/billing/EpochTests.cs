using Fleet.Billing.Meters;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class EpochTests
{
    [Test]
    public void A_counter_that_only_grows_is_one_epoch()
    {
        var epochs = Epochs.Of([Read("2026-10-01", 100), Read("2026-10-02", 100), Read("2026-10-03", 350)]);

        Assert.That(epochs, Has.Count.EqualTo(1));
        Assert.That(epochs[0].Pages, Is.EqualTo(250));
    }

    [TestCase(1L << 31)]
    [TestCase(1L << 32)]
    public void A_wrap_starts_an_epoch_and_its_pages_are_known(long modulus)
    {
        var epochs = Epochs.Of([Read("2026-10-01", modulus - 40), Read("2026-10-02", 60)]);

        Assert.That(epochs.Select(e => e.StartedBy), Is.EqualTo([EpochStart.First, EpochStart.Wrap]));
        Assert.That(epochs[1].Pages, Is.EqualTo(100));
        Assert.That(epochs[1].Before!.Value, Is.EqualTo(modulus - 40), "the evidence is the reading before");
    }

    [Test]
    public void A_fall_that_no_wrap_explains_is_a_reset_and_the_pages_over_it_are_not_proven()
    {
        var epochs = Epochs.Of([Read("2026-10-01", 91_164), Read("2026-10-02", 300), Read("2026-10-03", 420)]);

        Assert.That(epochs.Select(e => e.StartedBy), Is.EqualTo([EpochStart.First, EpochStart.Reset]));
        Assert.That(epochs[1].Pages, Is.EqualTo(120));
    }

    [Test]
    public void A_wrap_faster_than_any_printer_is_a_reset()
    {
        var (before, after) = (Read("2026-10-01T08:00", (1L << 32) - 5000), Read("2026-10-01T08:10", 60));

        Assert.That(Epochs.Of([before, after])[1].StartedBy, Is.EqualTo(EpochStart.Reset));
    }

    [Test]
    public void A_late_reading_moves_the_edge_to_where_it_was()
    {
        var early = Epochs.Of([Read("2026-10-01", 1000), Read("2026-10-05", 80)]);
        var known = Epochs.Of([Read("2026-10-01", 1000), Read("2026-10-03", 20), Read("2026-10-05", 80)]);

        Assert.That(early.Sum(e => e.Pages), Is.Zero);
        Assert.That(known.Sum(e => e.Pages), Is.EqualTo(60));
        Assert.That(known[1].First.ObservedAt, Is.EqualTo(At("2026-10-03")));
    }
}
