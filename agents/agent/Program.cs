using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using Fleet.Agent;
using Fleet.Agent.Commands;
using Fleet.Agent.Polling;

#pragma warning disable RS0030 // composition root: here the clock is chosen
var clock = TimeProvider.System;
#pragma warning restore RS0030

// Without a listener no activity gets an id, and no batch a traceparent.
using var tracing = new ActivityListener
{
    ShouldListenTo = source => source.Name == Intake.TracingName,
    Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded
};
ActivitySource.AddActivityListener(tracing);

var around = new Surroundings(clock, bytes => RandomNumberGenerator.Fill(bytes), new AgentLog(Console.Out, clock));
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
