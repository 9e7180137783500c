using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;

namespace Fleet.Defaults;

/// <summary>Schemas say what the comments on their records say. Only what is sent to us is closed: answers may grow members.</summary>
internal static class DescribeSchemas
{
    public static void Apply(OpenApiDocument document, SchemaNames names, XmlComments comments, JsonSerializerOptions json)
    {
        var schemas = document.Components!.Schemas!;
        var asked = AskedFor(document);
        foreach (var (name, type) in names.Named)
            if (schemas.TryGetValue(name, out var found) && found is OpenApiSchema schema)
            {
                schema.Description ??= comments.Of(type);
                if (!asked.Contains(name))
                    schema.AdditionalPropertiesAllowed = true;
                foreach (var member in json.GetTypeInfo(type).Properties)
                {
                    Describe(schema, member, Comment(type, member, comments));
                    if (IsLeftOutWhenNull(member))
                        schema.Required?.Remove(member.Name);
                }
            }
        document.Components.Schemas = new SortedDictionary<string, IOpenApiSchema>(schemas.ToDictionary(), StringComparer.Ordinal);
    }

    private static string? Comment(Type type, JsonPropertyInfo member, XmlComments comments) =>
        (member.AttributeProvider is MemberInfo of ? comments.Of(type, of.Name) : null) ?? FieldWords.Of(member.Name);

    private static void Describe(OpenApiSchema schema, JsonPropertyInfo member, string? comment)
    {
        if (comment is null || schema.Properties?.TryGetValue(member.Name, out var property) != true)
            return;
        if (property is OpenApiSchema own)
            own.Description ??= comment;
        else if (property is OpenApiSchemaReference reference)
            reference.Description ??= comment;
    }

    private static bool IsLeftOutWhenNull(JsonPropertyInfo member) =>
        member.AttributeProvider is MemberInfo of && of.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull;

    /// <summary>Names of the schemas that requests are made of.</summary>
    private static HashSet<string> AskedFor(OpenApiDocument document)
    {
        var found = new HashSet<string>();
        foreach (var media in document.Paths.Values.SelectMany(path => path.Operations!.Values).Where(o => o.RequestBody is not null).SelectMany(o => o.RequestBody!.Content!.Values))
            Walk(media.Schema, found);
        return found;
    }

    private static void Walk(IOpenApiSchema? schema, HashSet<string> found)
    {
        if (schema is null || (schema is OpenApiSchemaReference { Reference.Id: { } name } && !found.Add(name)))
            return;
        foreach (var part in (schema.Properties?.Values ?? []).Concat(schema.OneOf ?? []).Concat(schema.Items is { } items ? [items] : []))
            Walk(part, found);
    }
}
