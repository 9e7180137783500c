// telemetry.DeviceAlertRaised, DeviceAlertCleared -> Evidence -> Weigh -> stream alert/{device}/error-{name} or alert-{index}-{code} -> Alerts -> GET /api/v1/alerts
using System.Globalization;
using Fleet.Alerting.Statuses;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;

namespace Fleet.Alerting.Alerts;

/// <summary>Rows of the device's own prtAlertTable (RFC 3805) that it calls critical.</summary>
public static class WatchDeviceAlerts
{
    /// <summary>
    /// What the device's status says too is the same condition: one jam, one alert. Else index and code: a row that turns from one alert into another is
    /// cleared and raised within the same moment.
    /// </summary>
    public static Condition Condition(string tenant, string device, string index, int code) => new(tenant, device, SameError.Of(code) is { } error
        ? DeviceError.Condition(error)
        : string.Create(CultureInfo.InvariantCulture, $"alert-{index}-{code}"));

    /// <summary>Warnings and housekeeping rows come by the hundred and are no evidence of anything that needs somebody.</summary>
    public static Evidence? Evidence(DeviceAlertRaised row) =>
        row.Severity == "critical" ? new Evidence.Holds(Severity.Critical, Summary(row)) { Source = Source(row.Index, row.Code) } : null;

    public static Evidence Evidence(DeviceAlertCleared row) => new Evidence.Over { Source = Source(row.Index, row.Code) };

    // Several rows, and the status, may hold one condition; a condition of one row needs no name for it.
    private static string? Source(string index, int code) => SameError.Of(code) is null ? null : $"row-{index}";

    // Descriptions are often empty; the code is what a technician looks up.
    private static string Summary(DeviceAlertRaised row) =>
        row.Description.Length > 0 ? row.Description : $"{row.Group} {row.GroupIndex}: alert code {row.Code}";
}

public static class WatchDeviceAlertsConsumers
{
    public static readonly Consumer Raised = Consumer.On<DeviceAlertRaised>("watch-device-alert-raised", (row, delivery) =>
        Observe.AppendAsync(delivery, row.At,
            [(WatchDeviceAlerts.Condition(row.TenantId, row.DeviceId, row.Index, row.Code), WatchDeviceAlerts.Evidence(row))]));

    // A row that was raised and cleared before we heard of either must not ring: the clearing is kept when it comes first.
    public static readonly Consumer Cleared = Consumer.On<DeviceAlertCleared>("watch-device-alert-cleared", (row, delivery) =>
        Observe.AppendAsync(delivery, row.At,
            [(WatchDeviceAlerts.Condition(row.TenantId, row.DeviceId, row.Index, row.Code), WatchDeviceAlerts.Evidence(row))]));
}
