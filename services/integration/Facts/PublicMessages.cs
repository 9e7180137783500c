using Fleet.Contracts.Alerting.V1;
using Fleet.Contracts.Billing.V1;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Contracts.Licensing.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;

namespace Fleet.Integration.Facts;

/// <summary>All that leaves Fleet, by its CloudEvents type. A name never changes its meaning; another shape is a <c>.v2</c> beside it.</summary>
public static class PublicMessages
{
    public static readonly Translation<TenantCreated> TenantCreated =
        Translation<TenantCreated>.Single("fleet.identity.tenant-created.v1", m => m.TenantId, _ => null, m => m.At);

    public static readonly Translation<TenantMoved> TenantMoved =
        Translation<TenantMoved>.Single("fleet.identity.tenant-moved.v1", m => m.TenantId, _ => null, m => m.At);

    public static readonly Translation<SiteOpened> SiteOpened =
        Translation<SiteOpened>.Single("fleet.identity.site-opened.v1", m => m.TenantId, m => m.SiteId, m => m.At);

    public static readonly Translation<AgentEnrolled> AgentEnrolled =
        Translation<AgentEnrolled>.Single("fleet.identity.agent-enrolled.v1", m => m.TenantId, m => m.AgentId, m => m.At);

    public static readonly Translation<AgentRevoked> AgentRevoked =
        Translation<AgentRevoked>.Single("fleet.identity.agent-revoked.v1", m => m.TenantId, m => m.AgentId, m => m.At);

    public static readonly Translation<ConsentChanged> ConsentChanged =
        Translation<ConsentChanged>.Single("fleet.consent.consent-changed.v1", m => m.TenantId, _ => null, m => m.At);

    public static readonly Translation<DeviceDescribed> DeviceDescribed =
        Translation<DeviceDescribed>.Single("fleet.telemetry.device-described.v1", m => m.TenantId, m => m.DeviceId, m => m.At);

    public static readonly Translation<DeviceStatusChanged> DeviceStatusChanged =
        Translation<DeviceStatusChanged>.Single("fleet.telemetry.device-status-changed.v1", m => m.TenantId, m => m.DeviceId, m => m.At);

    public static readonly Translation<SupplyLevelChanged> SupplyLevelChanged =
        Translation<SupplyLevelChanged>.Single("fleet.telemetry.supply-level-changed.v1", m => m.TenantId, m => m.DeviceId, m => m.At);

    public static readonly Translation<DeviceAlertRaised> DeviceAlertRaised =
        Translation<DeviceAlertRaised>.Single("fleet.telemetry.device-alert-raised.v1", m => m.TenantId, m => m.DeviceId, m => m.At);

    public static readonly Translation<DeviceAlertCleared> DeviceAlertCleared =
        Translation<DeviceAlertCleared>.Single("fleet.telemetry.device-alert-cleared.v1", m => m.TenantId, m => m.DeviceId, m => m.At);

    public static readonly Translation<BatchForged> BatchForged =
        Translation<BatchForged>.Single("fleet.telemetry.batch-forged.v1", m => m.TenantId, m => m.AgentId, m => m.At);

    public static readonly Translation<AgentFellSilent> AgentFellSilent =
        Translation<AgentFellSilent>.Single("fleet.telemetry.agent-fell-silent.v1", m => m.TenantId, m => m.AgentId, m => m.At);

    public static readonly Translation<AgentSpokeAgain> AgentSpokeAgain =
        Translation<AgentSpokeAgain>.Single("fleet.telemetry.agent-spoke-again.v1", m => m.TenantId, m => m.AgentId, m => m.At);

    /// <summary>Batched on the bus; outside every reading is a fact of its own, under its own id.</summary>
    public static readonly Translation<ReadingsAccepted> ReadingsAccepted =
        new("fleet.telemetry.reading-accepted.v1", (batch, _) => batch.Readings.Select(reading =>
            RecordFacts.Of(reading.ReadingId, "fleet.telemetry.reading-accepted.v1", batch.TenantId, reading.DeviceId, reading.ObservedAt, reading)));

    public static readonly Translation<AlertRaised> AlertRaised =
        Translation<AlertRaised>.Single("fleet.alerting.alert-raised.v1", m => m.TenantId, m => m.AlertId, m => m.At);

    public static readonly Translation<AlertAcknowledged> AlertAcknowledged =
        Translation<AlertAcknowledged>.Single("fleet.alerting.alert-acknowledged.v1", m => m.TenantId, m => m.AlertId, m => m.At);

    public static readonly Translation<AlertResolved> AlertResolved =
        Translation<AlertResolved>.Single("fleet.alerting.alert-resolved.v1", m => m.TenantId, m => m.AlertId, m => m.At);

    public static readonly Translation<SeatTaken> SeatTaken =
        Translation<SeatTaken>.Single("fleet.licensing.seat-taken.v1", m => m.TenantId, m => m.DeviceId, m => m.At);

    public static readonly Translation<InvoiceIssued> InvoiceIssued =
        Translation<InvoiceIssued>.Single("fleet.billing.invoice-issued.v1", m => m.TenantId, m => m.InvoiceId, m => m.At);

    public static IReadOnlyList<Consumer> Consumers =>
    [
        TenantCreated.Consumer, TenantMoved.Consumer, SiteOpened.Consumer, AgentEnrolled.Consumer, AgentRevoked.Consumer, ConsentChanged.Consumer,
        DeviceDescribed.Consumer, DeviceStatusChanged.Consumer, SupplyLevelChanged.Consumer, DeviceAlertRaised.Consumer, DeviceAlertCleared.Consumer, ReadingsAccepted.Consumer,
        BatchForged.Consumer, AgentFellSilent.Consumer, AgentSpokeAgain.Consumer,
        AlertRaised.Consumer, AlertAcknowledged.Consumer, AlertResolved.Consumer,
        SeatTaken.Consumer, InvoiceIssued.Consumer,
    ];
}
