using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Edge.V1;

/// <summary>The same JSON as <see cref="EdgeBatch.Json"/>, byte for byte and fault for fault, written and read without reflection: for a program that is trimmed.</summary>
[JsonSerializable(typeof(EdgeEvent))]
[JsonSerializable(typeof(List<EdgeEvent>))]
[JsonSerializable(typeof(DeviceSeen))]
[JsonSerializable(typeof(MeterRead))]
[JsonSerializable(typeof(SuppliesRead))]
[JsonSerializable(typeof(StatusChanged))]
[JsonSerializable(typeof(AlertRaised))]
[JsonSerializable(typeof(AlertCleared))]
[JsonSerializable(typeof(AgentHealth))]
[JsonSerializable(typeof(EdgeGrant))]
public sealed partial class EdgeJson : JsonSerializerContext
{
    /// <summary>With the options of <see cref="EdgeBatch.Json"/>.</summary>
    public static EdgeJson Strict { get; } = new(new JsonSerializerOptions(EdgeBatch.Json));
}
