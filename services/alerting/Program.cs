using Fleet.Alerting;
using Fleet.Defaults;

#pragma warning disable RS0030 // the composition root chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Alerting.Module);
