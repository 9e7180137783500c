namespace Fleet.Contracts.Licensing.V1;

/// <summary>A device reported in a month for the first time and so takes a seat of that month.</summary>
/// <param name="Month"><c>yyyy-MM</c>, UTC.</param>
public sealed record SeatTaken(string TenantId, string DeviceId, string Month, int SeatsInMonth, DateTimeOffset At);
