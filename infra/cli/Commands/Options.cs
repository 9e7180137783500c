using System.CommandLine;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary>Options several commands take.</summary>
public static class Options
{
    public static Option<string> State() => new("--state")
    {
        Description = "State directory",
        HelpName = "DIR",
        DefaultValueFactory = _ => Path.Combine(Up.Programs.Repository, ".fleet")
    };

    public static Option<bool> Json() => new("--json") { Description = "Figures as JSON" };

    public static StateDirectory StateOf(this ParseResult parsed, Option<string> option) => new(parsed.GetRequiredValue(option));
}
