using Fleet.Consent;
using Fleet.Defaults;

#pragma warning disable RS0030 // the composition root chooses the clock
return await FleetHost.RunAsync(args, TimeProvider.System, Consent.Module);
#pragma warning restore RS0030
