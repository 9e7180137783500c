using Fleet.Defaults;
using Fleet.Host;

// All modules in one process on one origin; they talk over the bus and HTTP here too.
#pragma warning disable RS0030 // the composition root chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Everything.Modules);
