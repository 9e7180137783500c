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
        Announcement.Of<Raised, AlertRaised>(e => Say(e.TenantId, e.Data)),
        Announcement.Of<Worsened, AlertRaised>(e => Say(e.TenantId, e.Data)),
        Announcement.Of<Acknowledged, AlertAcknowledged>(e => Say(e.TenantId, e.Data)),
        Announcement.Of<Resolved, AlertResolved>(e => Say(e.TenantId, e.Data)),
    ];

    /// <summary>Null for what stays inside.</summary>
    public static object? Message(IEvent e) => e.Data switch
    {
        Raised raised => Say(e.TenantId, raised),
        Worsened worse => Say(e.TenantId, worse),
        Acknowledged acknowledged => Say(e.TenantId, acknowledged),
        Resolved resolved => Say(e.TenantId, resolved),
        _ => null,
    };

    private static AlertRaised Say(string tenant, Raised a) => new(tenant, a.AlertId, a.Device, a.Condition, a.Severity, a.Summary, a.At);

    // It needs somebody again, more urgently: the same alert, said once more.
    private static AlertRaised Say(string tenant, Worsened a) => new(tenant, a.AlertId, a.Device, a.Condition, a.Severity, a.Summary, a.At);

    private static AlertAcknowledged Say(string tenant, Acknowledged a) => new(tenant, a.AlertId, a.Device, a.Condition, a.By, a.At);

    private static AlertResolved Say(string tenant, Resolved a) => new(tenant, a.AlertId, a.Device, a.Condition, a.By, a.At);
}
