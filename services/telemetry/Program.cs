using Fleet.Defaults;
using Fleet.Telemetry;

#pragma warning disable RS0030 // the composition root chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Telemetry.Module);
