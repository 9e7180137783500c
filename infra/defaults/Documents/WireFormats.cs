using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Fleet.Defaults;

/// <summary>What .NET's own schemas leave out, or say of .NET and not of the wire.</summary>
internal static class WireFormats
{
    public static Task Apply(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(decimal))
            schema.Format = "decimal";
        if (type.IsEnum && schema.Enum is { Count: > 0 })
            schema.Type = JsonSchemaType.String;
        if (type.GetCustomAttribute<SchemaAttribute>()?.Json is { } json)
            Is(schema, json);
        return Task.CompletedTask;
    }

    private static void Is(OpenApiSchema schema, string json)
    {
        var written = OpenApiModelFactory.Parse<OpenApiSchema>(json, OpenApiSpecVersion.OpenApi3_1, new OpenApiDocument(), out _, "json")!;
        (schema.Type, schema.OneOf, schema.Pattern, schema.Examples) = (written.Type, written.OneOf, written.Pattern, written.Examples);
    }
}
