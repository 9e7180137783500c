using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Spectre.Console;

#pragma warning disable RS0030 // the composition root chooses the clock
var clock = TimeProvider.System;
#pragma warning restore RS0030

if (Console.IsOutputRedirected) // plain whole lines into files and pipes, whatever TERM says
{
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
    AnsiConsole.Profile.Width = 1000;
}

var root = new RootCommand("Fleet: the backbone of a managed-print business. Start with ./fleet up")
{
    UpCommand.Build(clock), DownCommand.Build(clock), StatusCommand.Build(clock), LogsCommand.Build(), TokenCommand.Build(), EnrolCommand.Build(), KeysCommand.Build(clock), AlertsCommand.Build(clock), ConsentCommand.Build(clock),
    TestCommand.Build(clock), BenchCommand.Build(clock), SchemaCommand.Build(), AgentCommand.Build(), ComposeCommand.Build(clock), TenantCommand.Build(), StreamCommand.Build(clock)
};

var parsed = root.Parse(args);
try
{
    // Our own handling of signals and exceptions: one line, and an exit code that means something.
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
}
catch (NotRunningException idle)
{
    Console.Error.WriteLine($"fleet: {idle.Message}");
    return ExitCode.NotRunning;
}
catch (InterruptedException interrupted)
{
    Console.Error.WriteLine($"fleet: {interrupted.Message}");
    return ExitCode.Interrupted;
}
catch (FleetException failure)
{
    Console.Error.WriteLine($"fleet: {failure.Message}");
    return ExitCode.Failed;
}
