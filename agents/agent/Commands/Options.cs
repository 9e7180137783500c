using System.CommandLine;

namespace Fleet.Agent.Commands;

internal static class Options
{
    public static Option<string> Config() => new("--config") { Description = "The agent's configuration file, JSON", Required = true };

    public static Option<string?> Profiles() => new("--profiles") { Description = "Folder of further vendor profiles, *.json; of one name they stand before the built-in ones" };

    public static Option<bool> Explain() => new("--explain") { Description = "Each value with its OID, formula, profile and version" };
}
