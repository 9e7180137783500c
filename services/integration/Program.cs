using Fleet.Defaults;
using Fleet.Integration;

#pragma warning disable RS0030 // the composition root chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Integration.Module);
