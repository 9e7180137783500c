using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Timeline;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Timeline;

public class DeviceWordsTests
{
    private static readonly DeviceCard Card = new("hq", "Kyocera", "P2040", "VXA1", Address: "192.0.2.17");

    private static IEnumerable<Type> Types => Device.Stream.Events.Values;

    [TestCaseSource(nameof(Types))]
    public void Everything_that_can_happen_to_a_device_has_words(Type type)
    {
        var said = DeviceWords.Of(StoredEventsTests.SampleOf(type), Card);

        Assert.That(said.Sentence, Does.Match(@"^[A-Z0-9].*[.\w]$").And.Not.Contain("  "));
        Assert.That((said.Kind, said.At), Is.Not.EqualTo(("", default(DateTimeOffset))));
    }

    [Test] // the twin
    public void What_has_no_words_says_so() =>
        Assert.That(() => DeviceWords.Of(new Unheard(), null), Throws.TypeOf<System.Diagnostics.UnreachableException>());

    [Test]
    public void A_description_says_what_is_another_than_before()
    {
        var said = DeviceWords.Of(new DeviceEvent.Described(Card with { Address = "192.0.2.44", Model = null, Name = "printer-3" }, Noon), Card);
        Assert.That(said.Sentence, Is.EqualTo("Model (was P2040) is no longer told, name is printer-3, address changed from 192.0.2.17 to 192.0.2.44."));
    }

    private sealed record Unheard : DeviceEvent;
}
