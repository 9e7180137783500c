namespace Fleet.Contracts.Alerting.V1;

/// <summary>A condition of a device, or of an agent, needs somebody. Said again, under the same id, when a warning becomes critical.</summary>
/// <param name="AlertId">Stable for the condition's whole life, from raised to resolved.</param>
/// <param name="DeviceId">Or <c>agent/{site}/{agent}</c>.</param>
/// <param name="Condition"><c>supply-{slot}</c>, <c>error-{name}</c>, <c>alert-{index}-{code}</c> (a row of prtAlertTable); of an agent <c>forged-batch</c>, <c>silent</c>.</param>
/// <param name="Severity"><c>warning</c> or <c>critical</c>.</param>
public sealed record AlertRaised(
    string TenantId, string AlertId, string DeviceId, string Condition, string Severity, string Summary, DateTimeOffset At);

/// <summary>Somebody took the alert on.</summary>
/// <param name="By">The token's subject; never a person's name.</param>
public sealed record AlertAcknowledged(string TenantId, string AlertId, string DeviceId, string Condition, string By, DateTimeOffset At);

/// <summary>The condition is over, by itself or by somebody's word.</summary>
/// <param name="By">Null when the device itself showed that it is over.</param>
public sealed record AlertResolved(string TenantId, string AlertId, string DeviceId, string Condition, string? By, DateTimeOffset At);
