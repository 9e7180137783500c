using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Cli.Local;

/// <summary>The PostgreSQL programs of this machine: the newest under Debian's tree, else what the path offers.</summary>
public static partial class PostgresBinaries
{
    public const int Oldest = 14;

    /// <summary>The directory that holds initdb and postgres, or null when there is none.</summary>
    public static string? Find() =>
        Debian().Concat(Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [])
            .FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")) && File.Exists(Path.Combine(directory, "postgres")));

    public static async Task<string> RequireAsync()
    {
        var directory = Find() ?? throw new FleetException("PostgreSQL missing", "initdb, postgres", "install the package postgresql, or set FLEET_POSTGRES");
        var version = await Shell.OutputAsync(Path.Combine(directory, "postgres"), "--version") ?? "";
        if (!int.TryParse(Major().Match(version).Value, CultureInfo.InvariantCulture, out var major) || major < Oldest)
            throw new FleetException("Wrong version", $"{directory}: {version}", $"PostgreSQL {Oldest} or newer is needed");
        return directory;
    }

    private static IEnumerable<string> Debian()
    {
        const string root = "/usr/lib/postgresql";
        return !Directory.Exists(root)
            ? []
            : Directory.GetDirectories(root)
                .OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var major) ? major : 0)
                .Select(path => Path.Combine(path, "bin"));
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Major();
}
