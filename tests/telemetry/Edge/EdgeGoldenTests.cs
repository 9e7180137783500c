using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Edge;
using Fleet.Testing;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Edge;

/// <summary>The words at the border (contracts/golden/edge): what an agent of today writes is what a gate of any year reads.</summary>
public class EdgeGoldenTests
{
    private const string Folder = "../../../contracts/golden/edge";

    [TestCaseSource(nameof(Types))]
    public void An_edge_event_is_written_and_read_as_it_always_was(string type)
    {
        var e = new Site().Event(Samples.All.Single(s => s.Type == type).Data, Noon);

        Golden.Holds(Folder, type, e, EdgeBatch.Json);
    }

    [TestCaseSource(nameof(Types))]
    public void The_gate_reads_the_golden_event_to_the_sample_it_was_made_from(string type)
    {
        var golden = File.ReadAllText(Path.Combine(Contracts.Folder, "golden", "edge", $"{type}.json"));

        var read = ReadBatch.Read(new Site().Deliver(1, $"[{golden}]"));

        Assert.That(read.Refused, Is.Null);
        Assert.That(Json(read.Events.Single().Data), Is.EqualTo(Json(Samples.All.Single(s => s.Type == type).Data)));
    }

    [Test]
    public void A_golden_event_with_one_value_changed_is_told_apart()
    {
        var golden = JsonNode.Parse(File.ReadAllText(Path.Combine(Contracts.Folder, "golden", "edge", $"{EdgeEventTypes.MeterRead}.json")))!;
        var changed = golden.DeepClone();
        changed["data"]!["counters"]![0]!["value"] = 7343;

        Assert.That(Golden.Differs(golden, changed), Is.Not.Null);
    }

    private static IEnumerable<string> Types => Samples.All.Select(s => s.Type);

    private static string Json(object data) => JsonSerializer.Serialize(data, data.GetType(), EdgeBatch.Json);
}
