using Microsoft.OpenApi;

namespace Fleet.Defaults;

/// <summary>Parameters that mean the same on every route. What only one route has is described there, by <c>[Description]</c>.</summary>
internal static class CommonParameters
{
    public const string IdempotencyKey = "IdempotencyKey";

    private static readonly Dictionary<(string Name, ParameterLocation In), string> Meanings = new()
    {
        [("tenant", ParameterLocation.Path)] = "The tenant's id, a slug: `acme`.",
        [("tenant", ParameterLocation.Query)] = "Only this tenant's; left out: all the token's tenants.",
        [("cursor", ParameterLocation.Query)] = "Where to go on: `next` of the page before, unread. Left out: from the start.",
        [("limit", ParameterLocation.Query)] = $"Most items on the page: 1 to {Cursor.HighestLimit}, {Cursor.DefaultLimit} unless given; what lies outside is brought to the nearer end.",
    };

    /// <param name="path">Of the route, for what its last <c>{id}</c> stands for.</param>
    public static string? Meaning(string name, ParameterLocation? location, string path) =>
        location is { } where && Meanings.TryGetValue((name, where), out var meaning) ? meaning
        : name == "id" && location == ParameterLocation.Path ? $"The {Thing(path)}'s id."
        : null;

    public static void AddTo(OpenApiDocument document) => document.AddComponent<IOpenApiParameter>(IdempotencyKey, new OpenApiParameter
    {
        Name = Idempotency.Header,
        In = ParameterLocation.Header,
        Description = "A name for this very request, of the caller's choice: tried again with the same key and body, it gets the first answer again and does nothing twice. "
            + "The same key with another request is 409. Only successes are kept.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Idempotency.LongestKey },
    });

    // …/devices/{id}/readings -> device
    private static string Thing(string path) => path[..path.IndexOf("/{id}", StringComparison.Ordinal)].Split('/')[^1].TrimEnd('s');
}
