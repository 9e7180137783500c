using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Changes;

/// <summary>What was last said of a device; kept next to the batches that say it.</summary>
/// <param name="Key">Key of the device; see <see cref="DeviceRef"/>.</param>
/// <param name="Alerts">Those that are open.</param>
/// <param name="MetersOn">UTC day of the last meter reading sent.</param>
public sealed record DeviceMemory(
    string Key, string Target, DeviceRef Device, DeviceSeen? Seen = null, SuppliesRead? Supplies = null, StatusChanged? Status = null,
    IReadOnlyList<AlertRaised>? Alerts = null, DateOnly? MetersOn = null)
{
    public string ToJson() => JsonSerializer.Serialize(this, EdgeBatch.Json);

    public static DeviceMemory FromJson(string json) => JsonSerializer.Deserialize<DeviceMemory>(json, EdgeBatch.Json) ?? throw new JsonException("A device's memory is empty");
}
