using System.CommandLine;
using Fleet.Agent;
using Fleet.Agent.Commands;
using Fleet.Agent.Polling;

#pragma warning disable RS0030 // composition root: here the clock is chosen
var around = Surroundings.OfProgram(TimeProvider.System);
#pragma warning restore RS0030

using var tracing = Intake.Listen();
return await new RootCommand("Fleet's edge agent: reads printers over SNMP and reports them over AMQPS")
{
    RunCommand.Build(around),
    ProbeCommand.Build(around, Console.Out),
    ProfileCommand.Build(around, Console.Out),
    EnrolCommand.Build(around, Console.Out),
    DoctorCommand.Build(around, Console.Out),
    TranscriptCommand.Build(around, Console.Out),
    PageCommand.Build(around, Console.Out)
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
