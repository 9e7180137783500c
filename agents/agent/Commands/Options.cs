using System.CommandLine;

namespace Fleet.Agent.Commands;

internal static class Options
{
    public static Option<string> Config() => new("--config") { Description = "The agent's configuration file, JSON", Required = true };
}
