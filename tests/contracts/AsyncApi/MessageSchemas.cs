using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fleet.Defaults;

namespace Fleet.Contracts.Tests.AsyncApi;

/// <summary>JSON Schema of a record as it is written, with what its comments say.</summary>
internal static class MessageSchemas
{
    private static readonly XmlComments Comments = new();

    /// <summary>How public messages are written, on the bus and in CloudEvents alike. Open: a later version may add members.</summary>
    public static readonly JsonSerializerOptions Public = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.Strict };

    /// <summary>The file of contracts/schemas a public message has.</summary>
    public static string PathOf(Type message) => $"schemas/{BusNames.Of(message)}.json";

    public static JsonObject FileOf(Type message)
    {
        var file = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"https://fleet.example/{PathOf(message)}",
            ["title"] = message.Name,
        };
        foreach (var (name, value) in Of(message, Public))
            file[name] = value?.DeepClone();
        return file;
    }

    /// <summary>As MassTransit writes it: a decimal is a text, so that no reader makes a float of it; one that may be null is a number.</summary>
    public static JsonObject OnTheBus(Type message) => Of(message, Public, decimalsAreText: true);

    public static JsonObject Of(Type type, JsonSerializerOptions json, bool decimalsAreText = false) => new JsonSerializerOptions(json) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }.GetJsonSchemaAsNode(type, new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) =>
        {
            if (schema is not JsonObject node)
                return schema;
            if (About(context) is { } said)
                node["description"] = said;
            foreach (var member in context.TypeInfo.Properties.Where(IsLeftOutWhenNull))
                node["required"]?.AsArray().RemoveAll(name => name!.GetValue<string>() == member.Name);
            if (context.TypeInfo.Type == typeof(decimal) || context.TypeInfo.Type == typeof(decimal?))
                node["format"] = "decimal";
            if (context.TypeInfo.Type == typeof(decimal) && decimalsAreText)
                node["type"] = "string";
            return node;
        },
    }).AsObject();

    /// <summary>What the comment on a constant says.</summary>
    public static string Constant(Type type, string name) => Comments.Of(type, name)!;

    public static string? About(Type type) => Comments.Of(type);

    private static bool IsLeftOutWhenNull(JsonPropertyInfo member) =>
        member.AttributeProvider is MemberInfo of && of.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.WhenWritingNull;

    private static string? About(JsonSchemaExporterContext context) => context.PropertyInfo is { } member
        ? (member.AttributeProvider is MemberInfo of ? Comments.Of(member.DeclaringType, of.Name) : null) ?? FieldWords.Of(member.Name)
        : Comments.Of(context.TypeInfo.Type);
}
