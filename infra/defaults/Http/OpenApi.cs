using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Fleet.Defaults;

/// <summary>OpenAPI 3.1 of whatever the process hosts, at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApi
{
    public static void AddFleetOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Fleet", Version = "v1", Description = "Managed print: devices, alerts, invoices, events." };
            document.Servers = [];
            return Task.CompletedTask;
        });
    });
}
