using System.Text.Json;

namespace Fleet.Agent.Transcribing;

/// <summary>A transcript in words, one line of text per line of the record.</summary>
/// <param name="Device">Only what was asked of this address; null for all.</param>
/// <param name="From">Only from then on.</param>
/// <param name="Until">Only before then.</param>
public sealed record TellTranscript(string? Device = null, DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    public IEnumerable<string> Of(string folder)
    {
        var questions = new Dictionary<string, string[]>();
        foreach (var line in TranscriptFiles.All(folder).SelectMany(TranscriptFiles.Lines))
        {
            var json = JsonDocument.Parse(line).RootElement;
            var at = json.GetProperty("at").GetDateTimeOffset();
            if (json.GetProperty("kind").GetString() == "questions") questions[json.GetProperty("id").GetString()!] = [.. json.GetProperty("oids").EnumerateArray().Select(oid => oid.GetString()!)];
            else if (!(at < From) && !(at >= Until) && Words(json, questions) is { } words) yield return $"{at:yyyy-MM-dd HH:mm:ss}Z  {words}";
        }
    }

    private string? Words(JsonElement line, Dictionary<string, string[]> questions) => line.GetProperty("kind").GetString() switch
    {
        "asked" => Asked(line, questions),
        _ when Device is not null => null,
        "sent" => $"sent batch {line.GetProperty("sequence")} to {line.GetProperty("routingKey")}: {line.GetProperty("body").GetArrayLength()} events, {line.GetProperty("body").GetRawText().Length} characters\n    {line.GetProperty("body").GetRawText()}",
        "switched" => $"{line.GetProperty("group")} switched {(line.GetProperty("off").GetBoolean() ? "off" : "on")} at this site; off from now on: {Listed(line.GetProperty("withheld"))}",
        "began" => $"agent {line.GetProperty("agent")} {line.GetProperty("version")} began",
        var other => $"{other}: {line.GetRawText()}"
    };

    private static string Listed(JsonElement words) => words.GetArrayLength() == 0 ? "none" : string.Join(", ", words.EnumerateArray());

    private string? Asked(JsonElement line, Dictionary<string, string[]> questions)
    {
        var devices = line.GetProperty("devices").EnumerateArray().Select(device => device.GetString()!)
            .Where(device => Device is null || System.Net.IPEndPoint.Parse(device).Address.ToString() == Device).ToList();
        var oids = questions.GetValueOrDefault(line.GetProperty("questions").GetString()!, []);
        return devices.Count == 0 ? null : $"asked {string.Join(' ', devices)} under grant {line.GetProperty("grant")}: {string.Join(' ', oids)}";
    }
}
