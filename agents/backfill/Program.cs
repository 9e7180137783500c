using System.CommandLine;
using Fleet.Agent;
using Fleet.Agent.Polling;
using Fleet.Backfill;

#pragma warning disable RS0030 // composition root: here the clock is chosen
var around = Surroundings.OfProgram(TimeProvider.System);
#pragma warning restore RS0030

using var tracing = Intake.Listen();
return await BackfillCommand.Build(around).Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
