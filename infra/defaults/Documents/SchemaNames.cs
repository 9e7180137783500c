using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;

namespace Fleet.Defaults;

/// <summary>Words of the field for schemas: <c>DeviceAnswer</c> and <c>SiteRow</c> are <c>Device</c> and <c>Site</c>, a page of them is <c>DevicePage</c>.</summary>
internal sealed class SchemaNames
{
    private static readonly string[] OurOwnWords = ["Answer", "Row"];

    private readonly ConcurrentDictionary<string, Type> _types = [];

    /// <summary>Every schema named so far.</summary>
    public IEnumerable<(string Name, Type Type)> Named => _types.Select(named => (named.Key, named.Value));

    /// <summary>Null: no schema of its own, written where it is used.</summary>
    /// <exception cref="InvalidOperationException">Two types of one name: one of them would silently stand for both.</exception>
    public string? Of(JsonTypeInfo type)
    {
        if (type.Type == typeof(JsonElement) || OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null)
            return null;
        var of = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        var name = Of(of);
        return _types.GetOrAdd(name, of) is var other && other == of
            ? name
            : throw new InvalidOperationException($"{other} and {of} are both '{name}' in the OpenAPI document; give one of them [Schema(\"…\")]");
    }

    private static string Of(Type type) =>
        type == typeof(ProblemDetails) ? "Problem"
        : type.IsGenericType ? string.Concat(type.GetGenericArguments().Select(Of)) + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]
        : type.GetCustomAttribute<SchemaAttribute>()?.Name ?? Plain(type.Name);

    private static string Plain(string name) =>
        OurOwnWords.FirstOrDefault(word => name.EndsWith(word, StringComparison.Ordinal)) is { } word ? name[..^word.Length] : name;
}
