using System.CommandLine;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet logs [NAME]</c>: the last lines of one part or of all; works after a stop too.</summary>
public static class LogsCommand
{
    public static Command Build()
    {
        var name = new Argument<string?>("NAME") { Description = "host, simulator, agent-acme-hq, agent-globex-hq, postgres, rabbitmq, …; all without", Arity = ArgumentArity.ZeroOrOne };
        var lines = new Option<int>("--lines") { Description = "How many of each", DefaultValueFactory = _ => 50 };
        var state = Options.State();
        var command = new Command("logs", "The last lines each part wrote") { name, lines, state };
        command.SetAction(parsed => Run(parsed.StateOf(state), parsed.GetValue(name), parsed.GetValue(lines)));
        return command;
    }

    private static int Run(StateDirectory directory, string? name, int lines)
    {
        var files = Files(directory).Where(file => name is null || Path.GetFileNameWithoutExtension(file) == name).ToList();
        if (files.Count == 0 && name is null)
            throw new NotRunningException(directory);
        if (files.Count == 0)
            throw new FleetException("No such log", name!, $"there are {string.Join(", ", Files(directory).Select(Path.GetFileNameWithoutExtension))}");

        foreach (var file in files)
            foreach (var line in File.ReadLines(file).TakeLast(lines))
                Console.WriteLine(files.Count == 1 ? line : $"{Path.GetFileNameWithoutExtension(file)} | {line}");
        return ExitCode.Ok;
    }

    private static IEnumerable<string> Files(StateDirectory directory) =>
        new[] { directory.Logs, directory.Postgres, directory.RabbitMq }.Where(Directory.Exists).SelectMany(path => Directory.EnumerateFiles(path, "*.log"));
}
