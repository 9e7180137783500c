using System.Globalization;

namespace Fleet.Benchmarks.Snmp;

/// <summary>The agent's way to devices, beside what people use instead.</summary>
internal static class SnmpBench
{
    /// <summary>The agent's memory alone.</summary>
    public static async Task<Report> AgentAsync(TimeProvider clock) =>
        new("snmp-agent", new Dictionary<string, string> { ["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture) }, await AgentMemory.RunAsync(clock, Console.Error.WriteLine));

    public static async Task<Report> RunAsync(TimeProvider clock)
    {
        // What the figures need of the machine they do not get when it is busy: it is said beside them.
        var load = File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0] : "unknown";
        var figures = new List<Figure>();
        foreach (var part in new[] { ReadFleet.RunAsync, SweepRange.RunAsync, AgentMemory.RunAsync })
            figures.AddRange(await part(clock, Console.Error.WriteLine));
        return new("snmp", new Dictionary<string, string>
        {
            ["processors"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["load when it began"] = load,
            ["patience in the sweep"] = "1 s, one retry",
            ["not installed"] = string.Join(", ", new[] { "snmpbulkwalk", "fusioninventory-netinventory" }.Where(program => !ShellLoop.Has(program)).DefaultIfEmpty("-"))
        }, figures);
    }
}
