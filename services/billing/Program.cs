using Fleet.Billing;
using Fleet.Defaults;

#pragma warning disable RS0030 // composition root: the one place that chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Billing.Module);
#pragma warning restore RS0030
