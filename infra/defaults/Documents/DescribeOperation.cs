using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Fleet.Defaults;

/// <summary>
/// What a route's metadata means outside: the right it needs, every answer it can give, the parameters all routes share. A route itself only
/// says its name, its summary, what it answers when all is well, and a refusal that is nowhere to be seen: <c>.ProducesProblem(404)</c>.
/// </summary>
internal static class DescribeOperation
{
    public const string Scheme = "oauth2";

    public static async Task Apply(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var (document, metadata) = (context.Document!, context.Description.ActionDescriptor.EndpointMetadata);
        var path = $"/{context.Description.RelativePath}";
        if (metadata.OfType<FormBody>().FirstOrDefault() is { } form)
            operation.RequestBody = await BodyOfAsync(form, context, cancel);

        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Name = DescribeDocument.Spoken(parameter.Name!);
            parameter.Description ??= CommonParameters.Meaning(parameter.Name, parameter.In, path);
        }
        if (metadata.OfType<TakesIdempotencyKey>().Any())
            (operation.Parameters ??= []).Add(new OpenApiParameterReference(CommonParameters.IdempotencyKey, document));

        if (metadata.OfType<Right>().Any())
        {
            var right = Rights.NameOf(metadata.OfType<Right>().First());
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [right] }];
            operation.Description = $"{operation.Description} Needs the right `{right}`.".TrimStart();
        }
        else if (metadata.OfType<NeedsToken>().Any())
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        else
            operation.Security = [];        // said, not forgotten
        foreach (var status in Answers(operation, metadata))
            operation.Responses!.TryAdd(status, CommonAnswers.Of(status, document));
        Answer(operation.Responses!, document);
    }

    private static IEnumerable<string> Answers(OpenApiOperation operation, IList<object> metadata)
    {
        var (parameters, secured) = (operation.Parameters ?? [], metadata.OfType<Right>().Any() || metadata.OfType<NeedsToken>().Any());
        // A filter by tenant that nothing matches is an empty list; everything else in a query can be written wrongly.
        var asks = operation.RequestBody is not null || parameters.Any(p => p.In == ParameterLocation.Query && p.Name != "tenant");
        var body = secured && operation.RequestBody is not null;
        (bool Given, int Status)[] answers =
        [
            (secured && asks, StatusCodes.Status400BadRequest),
            (secured, StatusCodes.Status401Unauthorized),
            (metadata.OfType<Right>().Any(), StatusCodes.Status403Forbidden),
            (parameters.Any(p => p.In == ParameterLocation.Path), StatusCodes.Status404NotFound),
            (metadata.OfType<TakesIdempotencyKey>().Any(), StatusCodes.Status409Conflict),
            (body, StatusCodes.Status413PayloadTooLarge),
            (body, StatusCodes.Status415UnsupportedMediaType),
            (secured, StatusCodes.Status503ServiceUnavailable),
        ];
        return answers.Where(answer => answer.Given).Select(answer => CommonAnswers.Text(answer.Status));
    }

    // Problems by reference, in the order of their status; what was made says where it is.
    private static void Answer(OpenApiResponses responses, OpenApiDocument document)
    {
        var given = responses.OrderBy(answer => answer.Key, StringComparer.Ordinal).ToList();
        responses.Clear();
        foreach (var (status, answer) in given)
        {
            if (answer is OpenApiResponse { Headers: null } made && status == CommonAnswers.Text(StatusCodes.Status201Created))
                made.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Location"] = new OpenApiHeader { Description = "Where it can be read.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" } },
                };
            var isProblem = answer.Content?.ContainsKey(CommonAnswers.ProblemMediaType) == true;
            responses[status] = isProblem && CommonAnswers.Knows(status) ? CommonAnswers.Of(status, document) : answer;
        }
        responses.TryAdd(CommonAnswers.Rest, CommonAnswers.Of(CommonAnswers.Rest, document));
    }

    private static async Task<IOpenApiRequestBody> BodyOfAsync(FormBody form, OpenApiOperationTransformerContext context, CancellationToken cancel) => new OpenApiRequestBody
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/x-www-form-urlencoded"] = new() { Schema = await context.GetOrCreateSchemaAsync(form.Form, null, cancel) },
        },
    };
}
