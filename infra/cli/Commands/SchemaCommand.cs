using System.CommandLine;
using Fleet.Cli.Local;
using Fleet.Cli.Up;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet schema [SERVICE …]</c>: the SQL a start would run, for operators who migrate by hand; needs no server.</summary>
public static class SchemaCommand
{
    public static Command Build()
    {
        var services = new Argument<string[]>("SERVICE") { Description = "Which; all of them without", Arity = ArgumentArity.ZeroOrMore };
        services.AcceptOnlyFromAmong([.. Databases.Services]);
        var command = new Command("schema", "Print the SQL that creates or completes the services' schemas, and run nothing") { services };
        command.SetAction(async (parsed, stop) =>
        {
            var programs = await Programs.BuildAsync(Console.Error.WriteLine, stop);
            var (code, output) = await Shell.RunAsync(["dotnet", programs.Host, "schema", .. parsed.GetValue(services) ?? []], stop: stop);
            if (code != 0)
                throw new FleetException("No SQL", programs.Host, output);
            Console.Out.Write(output);
            return ExitCode.Ok;
        });
        return command;
    }
}
