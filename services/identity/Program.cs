using Fleet.Defaults;
using Fleet.Identity;

#pragma warning disable RS0030 // the composition root chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Identity.Module);
#pragma warning restore RS0030
