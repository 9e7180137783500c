using System.Text.Json.Nodes;

namespace Fleet.Contracts.Tests;

/// <summary>Where two JSON documents part, deepest place first named: <c>paths › /api/v1/alerts › get › summary: "…", now "…"</c>.</summary>
internal static class Differences
{
    public static IEnumerable<string> Between(JsonNode? written, JsonNode? made, string place = "") => (written, made) switch
    {
        (JsonObject a, JsonObject b) => a.Select(m => m.Key).Union(b.Select(m => m.Key)).SelectMany(name =>
            !a.ContainsKey(name) ? [$"{Under(place, name)}: is new"]
            : !b.ContainsKey(name) ? [$"{Under(place, name)}: is gone"]
            : Between(a[name], b[name], Under(place, name))),
        (JsonArray a, JsonArray b) when a.Count == b.Count => a.Zip(b).SelectMany((pair, i) => Between(pair.First, pair.Second, Under(place, $"{i}"))),
        _ when JsonNode.DeepEquals(written, made) => [],
        _ => [$"{place}: {Short(written)}, now {Short(made)}"],
    };

    private static string Under(string place, string name) => place.Length == 0 ? name : $"{place} › {name}";

    private static string Short(JsonNode? node) => node?.ToJsonString() is { } text ? text.Length > 100 ? $"{text[..100]}…" : text : "null";
}
