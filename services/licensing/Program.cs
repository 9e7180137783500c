using Fleet.Defaults;
using Fleet.Licensing;

#pragma warning disable RS0030 // composition root: the one place that chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Licensing.Module);
#pragma warning restore RS0030
