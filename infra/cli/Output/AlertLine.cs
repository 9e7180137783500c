using System.Text.Json.Nodes;

namespace Fleet.Cli.Output;

/// <summary>An alert event as one line; members a later version adds do not disturb it.</summary>
public static class AlertLine
{
    public static string Of(string kind, string data)
    {
        var alert = JsonNode.Parse(data)?.AsObject() ?? [];
        string[] shown = ["at", "severity", "tenantId", "deviceId", "summary", "condition", "by"];
        return $"{kind,-18} " + string.Join("  ", shown.Select(name => alert[name]?.ToString()).OfType<string>());
    }
}
