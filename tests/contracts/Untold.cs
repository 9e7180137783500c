using System.Text.Json.Nodes;

namespace Fleet.Contracts.Tests;

/// <summary>What an integrator would have to ask us about: places of an OpenAPI document that say too little.</summary>
internal static class Untold
{
    private static readonly string[] Open = ["/oauth/", "/.well-known/", "/regions", "/api/v1/invitations/"];

    public static IEnumerable<string> In(JsonNode document) =>
        Operations(document).SelectMany(o => Operation(document, o.Place, o.Path, o.Operation))
            .Concat(document["components"]!["schemas"]!.AsObject().Where(s => s.Value!["properties"] is not null && s.Value["description"] is null).Select(s => $"{s.Key}: no description"))
            .Concat(Operations(document).GroupBy(o => o.Operation["operationId"]?.ToString()).Where(same => same.Count() > 1).Select(same => $"{same.Key}: twice"));

    private static IEnumerable<(string Place, string Path, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", path.Key, operation.Value!);

    private static IEnumerable<string> Operation(JsonNode document, string place, string path, JsonNode operation)
    {
        foreach (var member in new[] { "operationId", "summary" })
            if (operation[member] is null)
                yield return $"{place}: no {member}";
        if (operation["tags"]?.AsArray() is not [var tag] || document["tags"]!.AsArray().All(t => t!["name"]!.ToString() != tag!.ToString()))
            yield return $"{place}: not of one service";
        if (operation["security"]?.AsArray() is not [_, ..] && !Open.Any(path.StartsWith))
            yield return $"{place}: no right";
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            if (parameter!["$ref"] is null && parameter["description"] is null)
                yield return $"{place}: {parameter["name"]} has no description";
        foreach (var (status, answer) in operation["responses"]!.AsObject())
            if (status != "204" && answer!["$ref"] is null && answer["content"]?.AsObject().All(c => c.Value!["schema"] is not null) != true)
                yield return $"{place}: {status} has no schema";
    }
}
