using Fleet.Cli.Local;

namespace Fleet.Cli.Testing;

/// <summary>A test project: the folder's name is its area.</summary>
public sealed record TestProject(string Name, string File)
{
    /// <summary>The test projects of the repository that an area holds, all without one.</summary>
    public static IReadOnlyList<TestProject> Find(string repository, string? area)
    {
        var all = Directory.GetDirectories(Path.Combine(repository, "tests"))
            .SelectMany(folder => Directory.GetFiles(folder, "*.Tests.csproj"))
            .Select(file => new TestProject(Path.GetFileName(Path.GetDirectoryName(file)!), file))
            .OrderBy(project => project.Name, StringComparer.Ordinal).ToList();
        if (area is null)
            return all;
        var held = all.Where(project => Area.Of(area).Holds(project.Name)).ToList();
        return held.Count > 0 ? held : throw new FleetException("No such area", area,
            $"choose one of {string.Join(", ", Area.Table.Select(known => known.Name).Concat(all.Select(project => project.Name)))}");
    }

    /// <summary>Whether it wants the shared database and broker: it says so by what it references.</summary>
    public bool WantsServers => System.IO.File.ReadAllText(File) is var text
        && (text.Contains("Fleet.Testing.csproj", StringComparison.Ordinal) || text.Contains("Fleet.Cli.csproj", StringComparison.Ordinal));
}
