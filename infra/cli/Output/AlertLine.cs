using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.Cli.Output;

/// <summary>How a watcher is told: what is open now, then each event as it comes.</summary>
public sealed record AlertOutput(Action<JsonNode> Open, Action<string, string> Event);

/// <summary>Alerts as one line each; members a later version adds do not disturb it.</summary>
public static class AlertLine
{
    public static readonly AlertOutput Text = new(
        page =>
        {
            foreach (var alert in page["items"]!.AsArray().Reverse())
                Console.WriteLine(Of("open", alert!.AsObject()));
            Console.WriteLine(Watching(page["items"]!.AsArray().Count, page["next"] is not null));
        },
        (kind, data) => Console.WriteLine(Of(kind, JsonNode.Parse(data)?.AsObject() ?? [])));

    // For programs: events only, exactly as they came.
    public static readonly AlertOutput Data = new(_ => { }, (_, data) => Console.WriteLine(data));

    public static string Of(string kind, JsonObject alert)
    {
        string[] shown = ["severity", "tenantId", "deviceId", "summary", "condition", "by"];
        var at = (alert["at"] ?? alert["raisedAt"])?.GetValue<DateTimeOffset>().ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"{kind,-18} " + string.Join("  ", shown.Select(name => alert[name]?.ToString()).Prepend(at).OfType<string>());
    }

    private static string Watching(int open, bool more) =>
        $"— {(open == 0 ? "nothing is open" : more ? $"the newest {open} of what is open" : $"{open} open")}; new alerts follow as they come, Ctrl-C ends —";
}
