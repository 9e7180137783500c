using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Events;

/// <summary>Something the agent has to say: its CloudEvents type and payload. Time, id and source come when it is put into a batch.</summary>
public sealed record Fact(string Type, string Lane, JsonElement Data)
{
    public static Fact Of(DeviceSeen seen) => new(EdgeEventTypes.DeviceSeen, EdgeBatch.ReadingLane, Json(seen));
    public static Fact Of(MeterRead meters) => new(EdgeEventTypes.MeterRead, EdgeBatch.ReadingLane, Json(meters));
    public static Fact Of(SuppliesRead supplies) => new(EdgeEventTypes.SuppliesRead, EdgeBatch.ReadingLane, Json(supplies));
    public static Fact Of(StatusChanged status) => new(EdgeEventTypes.StatusChanged, EdgeBatch.AlertLane, Json(status));
    public static Fact Of(AlertRaised alert) => new(EdgeEventTypes.AlertRaised, EdgeBatch.AlertLane, Json(alert));
    public static Fact Of(AlertCleared alert) => new(EdgeEventTypes.AlertCleared, EdgeBatch.AlertLane, Json(alert));
    public static Fact Of(AgentHealth health) => new(EdgeEventTypes.AgentHealth, EdgeBatch.ReadingLane, Json(health));

    public EdgeEvent At(DateTimeOffset time, Guid id, string source, string tenant, string? grantId = null) =>
        new("1.0", id, source, Type, time.ToUniversalTime(), "application/json", tenant, Data, grantId);

    private static JsonElement Json<T>(T data) => JsonSerializer.SerializeToElement(data, EdgeBatch.Json);
}
