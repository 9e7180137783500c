using System.CommandLine;
using Fleet.Simulator.Commands;

#pragma warning disable RS0030 // composition root: here the clock is chosen
var clock = TimeProvider.System;
#pragma warning restore RS0030

return await new RootCommand("Virtual printers for tests and demos: reproducible from a seed")
{
    RunPrinters.Build(clock, Console.Out),
    CountPages.Build(Console.Out)
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
