using Fleet.Contracts.Telemetry.V1;

namespace Fleet.Defaults.Tests;

public class NamesAndPagesTests
{
    [Test]
    public void An_exchange_is_named_after_service_version_and_message() =>
        Assert.That(BusNames.Of(typeof(ReadingsAccepted)), Is.EqualTo("telemetry.v1.readings-accepted"));

    [Test]
    public void What_is_not_a_public_message_gets_no_exchange() =>
        Assert.That(() => BusNames.Of(typeof(NamesAndPagesTests)), Throws.InvalidOperationException.With.Message.Contains("not a public message"));

    [Test]
    public void A_cursor_comes_back_as_it_was()
    {
        Assert.That(Cursor.TryRead(Cursor.Write("Drucker 7, Büro / 3"), out var last), Is.True);
        Assert.That(last, Is.EqualTo("Drucker 7, Büro / 3"));
    }

    [Test]
    public void A_cursor_of_somebody_elses_is_refused() => Assert.That(Cursor.TryRead("§§§", out _), Is.False);

    [Test]
    public void The_last_page_has_no_next_and_the_others_do()
    {
        Assert.That(Page<int>.Of([1, 2], 2, i => $"{i}").Next, Is.Null);
        var page = Page<int>.Of([1, 2, 3], 2, i => $"{i}");
        Assert.That((page.Items.Count, page.Next), Is.EqualTo((2, Cursor.Write("2"))));
    }
}
