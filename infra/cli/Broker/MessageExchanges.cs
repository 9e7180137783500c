namespace Fleet.Cli.Broker;

/// <summary>
/// The exchange of every public message (contracts/, as <c>BusNames</c> writes them). They are in the definitions, so that a consumer can bind to its neighbour's
/// without the right to declare, and so to delete, it.
/// </summary>
public static class MessageExchanges
{
    public const string Type = "fanout";

    public static readonly IReadOnlyList<string> All =
    [
        "alerting.v1.alert-acknowledged",
        "alerting.v1.alert-raised",
        "alerting.v1.alert-resolved",
        "audit.v1.access-refused",
        "billing.v1.invoice-issued",
        "consent.v1.consent-changed",
        "consent.v1.consents-told",
        "identity.v1.agent-enrolled",
        "identity.v1.agent-revoked",
        "identity.v1.site-opened",
        "identity.v1.tenant-created",
        "identity.v1.tenant-moved",
        "licensing.v1.seat-taken",
        "telemetry.v1.agent-fell-silent",
        "telemetry.v1.agent-spoke-again",
        "telemetry.v1.batch-forged",
        "telemetry.v1.consents-asked",
        "telemetry.v1.device-alert-cleared",
        "telemetry.v1.device-alert-raised",
        "telemetry.v1.device-described",
        "telemetry.v1.device-status-changed",
        "telemetry.v1.readings-accepted",
        "telemetry.v1.supply-level-changed",
    ];
}
