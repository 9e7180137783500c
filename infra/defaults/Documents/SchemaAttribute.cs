namespace Fleet.Defaults;

/// <summary>How a type is called in the OpenAPI document, where its own name is another type's there, or says too little outside its namespace.</summary>
/// <param name="name">Null: as the type's name gives it, see <see cref="SchemaNames"/>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum, Inherited = false)]
public sealed class SchemaAttribute(string? name = null) : Attribute
{
    public string? Name => name;

    /// <summary>JSON Schema of a type whose converter writes what its members do not show.</summary>
    public string? Json { get; init; }
}
