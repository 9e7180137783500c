using Fleet.Alerting.Agents;
using Fleet.Alerting.Alerts;
using Fleet.Alerting.Statuses;
using Fleet.Defaults;

namespace Fleet.Alerting;

/// <summary>Facts about devices in, alerts an operations desk acts on out.</summary>
public static class Alerting
{
    public static readonly Module Module = new("alerting")
    {
        Streams = [Alert.Stream, Status.Stream, AccessRefusals.Stream],
        Views = [Alerts.Alerts.View],
        Tables = [TenantAccess.Table],
        Consumers =
        [
            .. TenantAccess.Consumers,                  // what each tenant allows its provider to see
            WatchSupplyConsumer.Consumer,               // telemetry.SupplyLevelChanged -> alert/{device}/supply-{slot}
            WatchStatusConsumer.Consumer,               // telemetry.DeviceStatusChanged -> alert/{device}/error-{name}
            WatchDeviceAlertsConsumers.Raised,          // telemetry.DeviceAlertRaised   -> alert/{device}/error-{name} or alert-{index}-{code}
            WatchDeviceAlertsConsumers.Cleared,         // telemetry.DeviceAlertCleared  -> the same
            .. WatchAgentsConsumers.All,                // telemetry.BatchForged, AgentFellSilent, AgentSpokeAgain -> alert/agent/{site}/{agent}/forged-batch, /silent
        ],
        Announcements = [.. AnnounceAlert.All, AccessRefusals.Announcement],  // alerting.AlertRaised, AlertAcknowledged, AlertResolved
        Routes =
        [
            AlertsRoutes.Map,                           // GET  /api/v1/alerts, /api/v1/alerts/{id}
            StreamAlerts.Map,                           // GET  /api/v1/alerts/stream
            AcknowledgeRoute.Map,                       // POST /api/v1/alerts/{id}/acknowledge
            ResolveRoute.Map,                           // POST /api/v1/alerts/{id}/resolve
        ],
    };
}
