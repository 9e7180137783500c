// routes' metadata, records' comments -> DescribeOperation, DescribeDocument -> GET /openapi/v1.json
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Fleet.Defaults;

/// <summary>OpenAPI 3.1 of whatever the process hosts, at <c>/openapi/v1.json</c>; <c>contracts/openapi</c> holds the one of all modules.</summary>
internal static class OpenApi
{
    public static void AddFleetOpenApi(this IServiceCollection services, IReadOnlyList<Module> modules) => services
        .AddOpenApi("v1")
        .AddOptions<Microsoft.AspNetCore.OpenApi.OpenApiOptions>("v1").Configure<IOptions<JsonOptions>>((options, json) =>
        {
            var (names, comments) = (new SchemaNames(), new XmlComments());
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = names.Of;
            options.AddSchemaTransformer(WireFormats.Apply);
            options.AddOperationTransformer(DescribeOperation.Apply);
            options.AddDocumentTransformer((document, _, _) =>
            {
                DescribeDocument.Apply(document, modules, comments);
                DescribeSchemas.Apply(document, names, comments, json.Value.SerializerOptions);
                return Task.CompletedTask;
            });
        });
}
