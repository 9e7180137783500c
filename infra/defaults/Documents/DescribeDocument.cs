using Microsoft.OpenApi;

namespace Fleet.Defaults;

/// <summary>What stands once in the document: title, tags (one per service), the security scheme, shared answers; all in an order that stays.</summary>
internal static class DescribeDocument
{
    public static void Apply(OpenApiDocument document, IReadOnlyList<Module> modules, XmlComments comments)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Fleet",
            Version = "v1",
            Description = "Managed print: devices, alerts, invoices, events. Additive changes only: a client ignores members it does not know; what would break one is a `v2`. "
                + "Errors are problem details (RFC 9457) with a stable `type`. Lists page by an opaque cursor.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The origin this document was read from; `GET /regions` names others." }];
        document.Tags = modules.Select(module => new OpenApiTag { Name = module.Name, Description = About(module, comments) }).ToHashSet();
        CommonAnswers.AddTo(document);
        CommonParameters.AddTo(document);
        document.AddComponent<IOpenApiSecurityScheme>(DescribeOperation.Scheme, Scheme());

        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(path => path.Key, StringComparer.Ordinal))
            paths[string.Join('/', path.Split('/').Select(part => part is ['{', .. var name, '}'] ? $"{{{Spoken(name)}}}" : part))] = item;
        document.Paths = paths;
    }

    /// <summary>A parameter of a path as the document calls it: <c>t</c> is short for the tenant, which the route's wall is built on.</summary>
    public static string Spoken(string parameter) => parameter == "t" ? "tenant" : parameter;

    // Fleet.Alerting.Alerting, the table of contents of the module `alerting`, says what it is for.
    private static string? About(Module module, XmlComments comments) =>
        module.Routes.Select(route => route.Method.DeclaringType!.Assembly).Distinct()
            .SelectMany(assembly => assembly.GetExportedTypes())
            .FirstOrDefault(type => type.Name.Equals(module.Name, StringComparison.OrdinalIgnoreCase) && type.Namespace == $"Fleet.{type.Name}") is { } table
            ? comments.Of(table)
            : null;

    private static OpenApiSecurityScheme Scheme() => new()
    {
        Type = SecuritySchemeType.OAuth2,
        Description = "An access token (JWT, 20 minutes) as `Authorization: Bearer …`. Its roles give rights; a scope asked for narrows them.",
        Flows = new OpenApiOAuthFlows
        {
            ClientCredentials = new OpenApiOAuthFlow
            {
                TokenUrl = new Uri("/oauth/token", UriKind.Relative),
                Scopes = Enum.GetValues<Right>().ToDictionary(Rights.NameOf, right => $"Roles that have it: {string.Join(", ", Rights.Roles.Where(role => Rights.Allow(role, right)))}."),
            },
        },
    };
}
