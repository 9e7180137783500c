using System.Globalization;

namespace Fleet.Benchmarks.Snmp;

/// <summary>The agent's way to devices, beside what people use instead.</summary>
internal static class SnmpBench
{
    /// <summary>Full reads alone.</summary>
    public static Task<Report> ReadAsync(TimeProvider clock) => RunAsync("snmp-read", clock, ReadFleet.RunAsync);

    /// <summary>The agent's memory alone.</summary>
    public static Task<Report> AgentAsync(TimeProvider clock) => RunAsync("snmp-agent", clock, AgentMemory.RunAsync);

    public static Task<Report> RunAsync(TimeProvider clock) => RunAsync("snmp", clock, ReadFleet.RunAsync, SweepRange.RunAsync, AgentMemory.RunAsync);

    private static async Task<Report> RunAsync(string name, TimeProvider clock, params Func<TimeProvider, Action<string>, Task<IReadOnlyList<Figure>>>[] parts)
    {
        // What the figures need of the machine they do not get when it is busy: it is said beside them.
        var load = File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0] : "unknown";
        var figures = new List<Figure>();
        foreach (var part in parts) figures.AddRange(await part(clock, Console.Error.WriteLine));
        return new(name, new Dictionary<string, string>
        {
            ["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["load when it began"] = load,
            ["patience in the sweep"] = "1 s, one retry",
            ["not installed"] = string.Join(", ", new[] { "snmpbulkwalk", "fusioninventory-netinventory" }.Where(program => !ShellLoop.Has(program)).DefaultIfEmpty("-"))
        }, figures);
    }
}
