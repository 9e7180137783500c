using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Printers;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent profile test CAPTURE</c>: what the profiles make of a recorded device, without a network and without a build.</summary>
internal static class ProfileCommand
{
    public static Command Build(Surroundings around, TextWriter output)
    {
        var captures = new Argument<string[]>("capture") { Description = "Recorded device, OID|type|value a line (.snmprec); NAME.expect.json beside NAME.snmprec says what must come out", Arity = ArgumentArity.OneOrMore };
        var profiles = Options.Profiles();
        var explain = Options.Explain();
        var json = new Option<bool>("--json") { Description = "The same as JSON" };
        var test = new Command("test", "Read a capture and say what was found, what was not, and whether that is as expected") { captures, profiles, explain, json };
        test.SetAction((parsed, _) => RunCommand.GuardAsync(around, async () =>
        {
            var known = ReadProfiles.From(parsed.GetValue(profiles));
            foreach (var note in known.Notes) await Console.Error.WriteLineAsync(note);
            var code = ExitCodes.Ok;
            foreach (var file in parsed.GetValue(captures)!)
            {
                var tested = await TestAsync(file, known);
                if (parsed.GetValue(json)) await output.WriteLineAsync(JsonSerializer.Serialize(tested, TestedJson.Short.TestedCapture));
                else foreach (var line in ProfileWords.Of(tested, parsed.GetValue(explain))) await output.WriteLineAsync(line);
                if (!tested.Holds) code = ExitCodes.NotAsExpected;
            }
            return code;
        }));
        return new("profile", "Vendor profiles: how values get their names") { test };
    }

    internal static async Task<TestedCapture> TestAsync(string file, Profiles profiles)
    {
        try
        {
            var capture = Capture.Load(file);
            var explained = await Probe.ExplainAsync(capture, profiles);
            var expectation = Path.ChangeExtension(file, ".expect.json");
            var differences = !File.Exists(expectation) ? null : Expectation.Differences(JsonNode.Parse(await File.ReadAllTextAsync(expectation), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip }), explained.Reading, capture);
            return new(Path.GetFileName(file), capture.Count, explained, differences is null ? null : Path.GetFileName(expectation), differences ?? []);
        }
        catch (CaptureException wrong)
        {
            throw new ConfigException(wrong.Message);
        }
        catch (Exception wrong) when (wrong is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigException($"{Path.ChangeExtension(file, ".expect.json")}: {wrong.Message}");
        }
    }
}

/// <summary>A capture read, and held against what is expected of it.</summary>
/// <param name="Objects">Values in the capture.</param>
/// <param name="Expectation">Null when there is none.</param>
internal sealed record TestedCapture(string Capture, int Objects, Explained Explained, string? Expectation, IReadOnlyList<string> Differences)
{
    /// <summary>A profile matched, or the RFCs did; and everything expected is there.</summary>
    public bool Holds => Explained.Reading.IsPrinter && Differences.Count == 0;
}

/// <summary>As a reading is shown.</summary>
[JsonSerializable(typeof(TestedCapture))]
internal sealed partial class TestedJson : JsonSerializerContext
{
    public static TestedJson Short { get; } = new(new(Fleet.Printers.Expectation.Json));
}
