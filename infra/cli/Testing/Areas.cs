namespace Fleet.Cli.Testing;

/// <summary>What `./fleet test AREA` runs: a name for several test projects. Every folder of tests/ that holds a test project is an area of its own, too.</summary>
public sealed record Area(string Name, string Meaning, Func<string, bool> Holds)
{
    private static readonly string[] WholeSystem = ["flows", "faults", "browser", "conformance"];
    private static readonly string[] Services = ["alerting", "billing", "consent", "identity", "integration", "licensing", "portal", "telemetry"];

    public static readonly IReadOnlyList<Area> Table =
    [
        new("unit", "everything that needs no running system", project => !WholeSystem.Contains(project)),
        new("services", "one project per service", Services.Contains),
        new("infra", "event store, defaults, command line, architecture", project => project is "eventstore" or "defaults" or "cli" or "architecture")
    ];

    public static Area Of(string name) => Table.FirstOrDefault(area => area.Name == name) ?? new(name, "the project of that name", project => project == name);
}
