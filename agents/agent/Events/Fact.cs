using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Events;

/// <summary>Something the agent has to say: its CloudEvents type and payload. Time, id and source come when it is put into a batch.</summary>
public sealed record Fact(string Type, string Lane, JsonElement Data)
{
    public static Fact Of(DeviceSeen seen) => new(EdgeEventTypes.DeviceSeen, EdgeBatch.ReadingLane, JsonSerializer.SerializeToElement(seen, EdgeJson.Strict.DeviceSeen));
    public static Fact Of(MeterRead meters) => new(EdgeEventTypes.MeterRead, EdgeBatch.ReadingLane, JsonSerializer.SerializeToElement(meters, EdgeJson.Strict.MeterRead));
    public static Fact Of(SuppliesRead supplies) => new(EdgeEventTypes.SuppliesRead, EdgeBatch.ReadingLane, JsonSerializer.SerializeToElement(supplies, EdgeJson.Strict.SuppliesRead));
    public static Fact Of(StatusChanged status) => new(EdgeEventTypes.StatusChanged, EdgeBatch.AlertLane, JsonSerializer.SerializeToElement(status, EdgeJson.Strict.StatusChanged));
    public static Fact Of(AlertRaised alert) => new(EdgeEventTypes.AlertRaised, EdgeBatch.AlertLane, JsonSerializer.SerializeToElement(alert, EdgeJson.Strict.AlertRaised));
    public static Fact Of(AlertCleared alert) => new(EdgeEventTypes.AlertCleared, EdgeBatch.AlertLane, JsonSerializer.SerializeToElement(alert, EdgeJson.Strict.AlertCleared));
    public static Fact Of(AgentHealth health) => new(EdgeEventTypes.AgentHealth, EdgeBatch.ReadingLane, JsonSerializer.SerializeToElement(health, EdgeJson.Strict.AgentHealth));

    public EdgeEvent At(DateTimeOffset time, Guid id, string source, string tenant, string? grantId = null) =>
        new("1.0", id, source, Type, time.ToUniversalTime(), "application/json", tenant, Data, grantId);
}
