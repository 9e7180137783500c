using Fleet.Defaults;

// All modules in one process on one origin; they talk over the bus and HTTP here too.
#pragma warning disable RS0030 // the composition root chooses the clock
return await FleetHost.RunAsync(
    args,
    TimeProvider.System,
    Fleet.Identity.Identity.Module,
    Fleet.Consent.Consent.Module,
    Fleet.Telemetry.Telemetry.Module,
    Fleet.Alerting.Alerting.Module,
    Fleet.Billing.Billing.Module,
    Fleet.Licensing.Licensing.Module,
    Fleet.Integration.Integration.Module);
