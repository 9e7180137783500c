using System.Text.Json;
using Fleet.Cli.Consents;

namespace Fleet.Consent.Tests.Audit;

public class StoredFactTests
{
    private static IEnumerable<string> Stored =>
        Telemetry.Telemetry.Module.Streams.SelectMany(stream => stream.EventTypes.Keys);

    [TestCaseSource(nameof(Stored))]
    public void The_auditor_understands_everything_telemetry_stores(string type)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Golden(), $"{type}.json")));
        Assert.That(() => StoredFact.Of(type, golden.RootElement), Throws.Nothing);
        Assert.That(StoredFact.Of(type, golden.RootElement) is null, Is.EqualTo(StoredFact.OfNoDevice.Contains(type)));
    }

    [Test] // the twin
    public void What_it_does_not_understand_does_not_pass()
    {
        using var data = JsonDocument.Parse("""{"card":{"siteId":"hq","owner":"Anna"},"at":"2026-11-21T12:00:00Z"}""");
        Assert.That(() => StoredFact.Of("page_printed", data.RootElement), Throws.TypeOf<FormatException>());
        Assert.That(() => StoredFact.Of("device_described", data.RootElement), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void A_card_needs_what_is_written_on_it()
    {
        using var data = JsonDocument.Parse("""{"card":{"siteId":"hq","manufacturer":"Kyocera","address":null,"mac":"00:17:c8:0a:0b:0c","firmware":"2S1"},"at":"2026-11-21T12:00:00Z"}""");
        Assert.That(StoredFact.Of("device_described", data.RootElement)!.FieldGroups, Is.EqualTo(new[] { "identity", "network-address", "firmware" }));
    }

    private static string Golden([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../telemetry/golden");
}
