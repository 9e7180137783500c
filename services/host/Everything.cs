using Fleet.Defaults;

namespace Fleet.Host;

/// <summary>All of Fleet, in the order it starts in.</summary>
public static class Everything
{
    public static readonly Module[] Modules =
    [
        Identity.Identity.Module,
        Consent.Consent.Module,
        Telemetry.Telemetry.Module,
        Alerting.Alerting.Module,
        Billing.Billing.Module,
        Licensing.Licensing.Module,
        Integration.Integration.Module,
    ];
}
