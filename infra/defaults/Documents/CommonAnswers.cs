using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Fleet.Defaults;

/// <summary>Answers any route may give, said once in the document and referred to.</summary>
internal static class CommonAnswers
{
    public const string Problem = "Problem", ProblemMediaType = "application/problem+json", Rest = "default";

    private static readonly Dictionary<string, (string Name, string Description)> ByStatus = new()
    {
        ["400"] = ("Malformed", "The request is not valid; `detail` says what, where, and what to do about it."),
        ["401"] = ("NoToken", "There is no access token, or it does not hold: expired, of another issuer, not for this API."),
        ["403"] = ("MissingRight", "The token is good, and does not allow this: none of its roles has the right, its scope left it out, its client is registered for another purpose (`purpose-missing`), or the customer's consent to it does not stand (`consent-missing`)."),
        ["404"] = ("Unknown", "There is no such thing that this token may see. The same for what does not exist and for what is another's."),
        ["409"] = ("InConflict", "In conflict with the current state, or the `Idempotency-Key` was used before with another request."),
        ["413"] = ("TooLarge", "The body is larger than 4 MiB."),
        ["415"] = ("MediaType", "The body is not of the media type asked for."),
        ["503"] = ("IssuerAway", "Tokens cannot be checked at the moment, because their issuer does not answer. Try again."),
        [Rest] = ("Unexpected", "Anything else."),
    };

    public static IOpenApiResponse Of(string status, OpenApiDocument document) => new OpenApiResponseReference(ByStatus[status].Name, document);

    public static bool Knows(string status) => ByStatus.ContainsKey(status);

    public static void AddTo(OpenApiDocument document)
    {
        var components = document.Components ??= new();
        (components.Schemas ??= new Dictionary<string, IOpenApiSchema>())[Problem] = ProblemDetails;
        foreach (var (status, (name, description)) in ByStatus)
            document.AddComponent<IOpenApiResponse>(name, new OpenApiResponse
            {
                Description = description,
                Headers = status == Text(StatusCodes.Status503ServiceUnavailable) ? RetryAfter() : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemMediaType] = new() { Schema = new OpenApiSchemaReference(Problem, document) },
                },
            });
    }

    // RFC 9457 as this API means it, in place of what the framework's type looks like.
    private static OpenApiSchema ProblemDetails => new()
    {
        Description = "Problem details (RFC 9457).",
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "title", "status" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = "uri",
                Description = $"Stable: `{Problems.TypePrefix}…`, one for each kind of problem. Decide by it, not by the text.",
            },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The kind of problem, in words." },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What, where, and what to do about it." },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Say it when you ask us about this answer." },
        },
    };

    public static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
    };
}
