// stream alert/{device}/{condition} -> alerting.AlertRaised, AlertAcknowledged, AlertResolved
using Fleet.Contracts.Alerting.V1;
using Fleet.Defaults;
using Fleet.EventStore;
using static Fleet.Alerting.Alerts.AlertEvent;

namespace Fleet.Alerting.Alerts;

public static class AnnounceAlert
{
    public static readonly IReadOnlyList<Announcement> All =
    [
        Announcement.Of<Raised>(Message),
        Announcement.Of<Worsened>(Message),
        Announcement.Of<Acknowledged>(Message),
        Announcement.Of<Resolved>(Message),
    ];

    /// <summary>Null for what stays inside.</summary>
    public static object? Message(IEvent e) => e.Data switch
    {
        Raised a => new AlertRaised(e.TenantId, a.AlertId, a.Device, a.Condition, a.Severity, a.Summary, a.At),
        // It needs somebody again, more urgently: the same alert, said once more.
        Worsened a => new AlertRaised(e.TenantId, a.AlertId, a.Device, a.Condition, a.Severity, a.Summary, a.At),
        Acknowledged a => new AlertAcknowledged(e.TenantId, a.AlertId, a.Device, a.Condition, a.By, a.At),
        Resolved a => new AlertResolved(e.TenantId, a.AlertId, a.Device, a.Condition, a.By, a.At),
        _ => null,
    };
}
