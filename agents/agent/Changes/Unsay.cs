using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Changes;

// dropped entry + DeviceMemory -> DeviceMemory that does not know it was said -> the next visit says it again

/// <summary>An event that never left was never said. Pure.</summary>
public static class Unsay
{
    public static DeviceMemory From(DeviceMemory memory, Entry dropped) => dropped.Type switch
    {
        EdgeEventTypes.DeviceSeen => memory with { Seen = null },
        EdgeEventTypes.SuppliesRead => memory with { Supplies = null },
        EdgeEventTypes.StatusChanged => memory with { Status = null },
        EdgeEventTypes.MeterRead => memory with { MetersOn = null },
        EdgeEventTypes.AlertRaised when Data(dropped, EdgeJson.Strict.AlertRaised) is { } raised =>
            memory with { Alerts = [.. (memory.Alerts ?? []).Where(open => (open.Index, open.Code) != (raised.Index, raised.Code))] },
        // Back among the open ones, so that the next visit finds it gone. What else it was nobody needs to know for that.
        EdgeEventTypes.AlertCleared when Data(dropped, EdgeJson.Strict.AlertCleared) is { } cleared && memory.Alerts?.Any(open => open.Index == cleared.Index) is not true =>
            memory with { Alerts = [.. memory.Alerts ?? [], new(cleared.Device, cleared.Index, "other", "other", -1, cleared.Code, "")] },
        _ => memory
    };

    private static T Data<T>(Entry entry, JsonTypeInfo<T> shape) => JsonSerializer.Deserialize(entry.Event, EdgeJson.Strict.EdgeEvent)!.Data.Deserialize(shape)!;
}
