namespace Fleet.Telemetry.Supplies;

/// <summary>One supply of a device, in short.</summary>
public sealed record SupplySummary(string Slot, string Description, string Type, string? Color, string State, decimal? Percent);
