namespace Fleet.Contracts.Telemetry.V1;

/// <summary>A device was seen for the first time, or what it says of itself changed.</summary>
/// <param name="DeviceId">Fleet's id of the device, stable over address changes.</param>
/// <param name="Address">Only under a consent to <c>network-address</c>.</param>
/// <param name="At">When the device was observed (UTC).</param>
public sealed record DeviceDescribed(
    string TenantId,
    string DeviceId,
    string SiteId,
    string? Manufacturer,
    string? Model,
    string? Serial,
    string? Name,
    string? Location,
    string? Address,
    string? Mac,
    string? Firmware,
    DateTimeOffset At);

/// <summary>hrDeviceStatus, hrPrinterStatus or the detected errors changed (RFC 2790 names).</summary>
public sealed record DeviceStatusChanged(
    string TenantId, string DeviceId, string DeviceStatus, string PrinterStatus, IReadOnlyList<string> Errors, DateTimeOffset At);

/// <summary>A row came to the device's prtAlertTable (RFC 3805).</summary>
public sealed record DeviceAlertRaised(
    string TenantId, string DeviceId, string Index, string Severity, string Group, int GroupIndex, int Code, string Description, DateTimeOffset At);

/// <summary>A row left the device's prtAlertTable.</summary>
public sealed record DeviceAlertCleared(string TenantId, string DeviceId, string Index, int Code, DateTimeOffset At);
