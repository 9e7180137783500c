namespace Fleet.Contracts.Telemetry.V1;

/// <summary>The level, state or description of one supply changed.</summary>
/// <param name="Slot">Table index <c>{marker}.{supply}</c>: the key within the device.</param>
/// <param name="Class"><c>consumed</c>, <c>receptacle</c> or <c>other</c>.</param>
/// <param name="State"><c>measured</c>, <c>some-remaining</c>, <c>unknown</c> or <c>other</c>; only <c>measured</c> has a level.</param>
/// <param name="Percent">Null unless level and capacity are both known: unknown is not a number.</param>
public sealed record SupplyLevelChanged(
    string TenantId,
    string DeviceId,
    string Slot,
    string Description,
    string Type,
    string Class,
    string? Color,
    string State,
    long? Level,
    long? Capacity,
    decimal? Percent,
    DateTimeOffset At);
