using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Changes;

/// <summary>What was last said of a device; kept next to the batches that say it.</summary>
/// <param name="Key">Key of the device; see <see cref="DeviceRef"/>.</param>
/// <param name="Alerts">Those that are open; null when it is not known what was said of them.</param>
/// <param name="MetersOn">UTC day of the last meter reading sent.</param>
public sealed record DeviceMemory(
    string Key, string Target, DeviceRef Device, DeviceSeen? Seen = null, SuppliesRead? Supplies = null, StatusChanged? Status = null,
    IReadOnlyList<AlertRaised>? Alerts = null, DateOnly? MetersOn = null)
{
    /// <summary>The same device, of which nothing is remembered as said but on which day its meters were read.</summary>
    [JsonIgnore]
    public DeviceMemory Unsaid => this with { Seen = null, Supplies = null, Status = null, Alerts = null };

    public string ToJson() => JsonSerializer.Serialize(this, MemoryJson.Strict.DeviceMemory);

    public static DeviceMemory FromJson(string json) => JsonSerializer.Deserialize(json, MemoryJson.Strict.DeviceMemory) ?? throw new JsonException("A device's memory is empty");
}

/// <summary>Kept in the shapes and as strictly as what is sent.</summary>
[JsonSerializable(typeof(DeviceMemory))]
internal sealed partial class MemoryJson : JsonSerializerContext
{
    public static MemoryJson Strict { get; } = new(new(EdgeBatch.Json));
}
