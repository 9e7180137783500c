using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Printers;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>
/// <c>golden/{recording}.json</c>: the whole reading of each recording, looked at line by line beside the recording. What names a device or a person there (serial, addresses, name, place) is not
/// written down a second time: <c>@OID</c> stands for what the recording holds there, <c>@OID~</c> for a part of it. A missing file is written and the test fails, so that it is looked at and committed by hand.
/// </summary>
public class GoldenTests
{
    [Test]
    public async Task The_reading_is_what_was_seen_to_be_right([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        var (file, reading, capture) = (FileOf(name), await Readings.OfAsync(name), Recording.CaptureOf(name));
        if (!File.Exists(file))
        {
            File.WriteAllText(file, (await DraftAsync(capture)).ToJsonString(Expectation.Json) + "\n");
            Assert.Fail($"{file} did not exist and was written; look at it beside the recording and commit it");
        }
        var golden = JsonNode.Parse(File.ReadAllText(file))!;
        Assert.That(Expectation.Differences(golden, reading, capture), Is.Empty);
        Assert.That(Unsaid(golden, JsonSerializer.SerializeToNode(reading, Expectation.Json), ""), Is.Empty, "the reading says more than the golden file");
    }

    [Test]
    public async Task A_capture_reads_without_a_network_as_it_does_over_one([ValueSource(typeof(Recording), nameof(Recording.Names))] string name) =>
        Assert.That(
            JsonSerializer.Serialize((await Probe.ExplainAsync(Recording.CaptureOf(name), Profiles.BuiltIn)).Reading, Expectation.Json), Is.EqualTo(JsonSerializer.Serialize(await Readings.OfAsync(name), Expectation.Json)));

    [Test]
    public void Each_golden_file_has_its_recording() =>
        Assert.That(Directory.EnumerateFiles(Path.GetDirectoryName(FileOf("x"))!, "*.json").Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Recording.Names));

    [Test]
    public async Task One_value_changed_anywhere_is_noticed([Values("sharp", "pm-kyocera-p2040", "brother", "xerox")] string name)
    {
        var (reading, capture, text) = (await Readings.OfAsync(name), Recording.CaptureOf(name), File.ReadAllText(FileOf(name)));
        var leaves = Leaves(JsonNode.Parse(text)!).Select(leaf => leaf.GetPath()).ToList();
        Assert.That(leaves, Has.Count.GreaterThan(20));
        foreach (var path in leaves)
        {
            var golden = JsonNode.Parse(text)!;
            var leaf = Leaves(golden).Single(one => one.GetPath() == path);
            leaf.ReplaceWith(leaf.GetValueKind() switch { JsonValueKind.Number => JsonValue.Create(-7), JsonValueKind.String => JsonValue.Create("@1.3.6.1.2.1.1.3.0"), _ => JsonValue.Create("other") });
            Assert.That(Expectation.Differences(golden, reading, capture), Has.Count.EqualTo(1), path);
        }
    }

    [Test]
    public async Task One_value_left_out_is_noticed()
    {
        var golden = JsonNode.Parse(File.ReadAllText(FileOf("sharp")))!;
        golden["supplies"]![3]!.AsObject().Remove("percent");
        Assert.That(Unsaid(golden, JsonSerializer.SerializeToNode(await Readings.OfAsync("sharp"), Expectation.Json), ""), Is.EqualTo(new[] { "supplies[3].percent" }));
    }

    private static async Task<JsonNode> DraftAsync(Capture capture)
    {
        var explained = await Probe.ExplainAsync(capture, Profiles.BuiltIn);
        var reading = JsonSerializer.SerializeToNode(explained.Reading, Expectation.Json)!;
        foreach (var what in new[] { "serial", "mac", "name", "location" })
            if (explained.Evidence.FirstOrDefault(one => one.What == what) is { } evidence) reading[what] = $"@{evidence.Oid}{(capture.Says(evidence.Oid, evidence.Value) ? "" : "~")}";
        foreach (var supply in reading["supplies"]!.AsArray().Where(supply => ((string?)supply!["description"])! is var text && (text.Contains(";SN", StringComparison.Ordinal) || text.Contains("S/N:", StringComparison.Ordinal))))
        {
            supply!["description"] = $"@1.3.6.1.2.1.43.11.1.1.6.{supply["slot"]}";
            if (supply["serial"] is not null) supply["serial"] = $"@1.3.6.1.2.1.43.11.1.1.6.{supply["slot"]}~";
        }
        return reading;
    }

    private static IEnumerable<string> Unsaid(JsonNode? golden, JsonNode? found, string place) => (golden, found) switch
    {
        (JsonObject wanted, JsonObject has) => has.SelectMany(one => wanted.ContainsKey(one.Key) ? Unsaid(wanted[one.Key], one.Value, $"{place}.{one.Key}".TrimStart('.')) : [$"{place}.{one.Key}".TrimStart('.')]),
        (JsonArray wanted, JsonArray has) => has.Zip(wanted).SelectMany((pair, at) => Unsaid(pair.Second, pair.First, $"{place}[{at}]")),
        _ => []
    };

    private static IEnumerable<JsonValue> Leaves(JsonNode node) => node switch
    {
        JsonObject all => all.SelectMany(one => Leaves(one.Value!)),
        JsonArray all => all.SelectMany(one => Leaves(one!)),
        _ => [node.AsValue()]
    };

    private static string FileOf(string name, [CallerFilePath] string test = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(test)!, "..", "golden", $"{name}.json"));
}
