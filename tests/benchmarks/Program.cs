using Fleet.Benchmarks;
using Fleet.Benchmarks.Ingest;
using Fleet.Benchmarks.Snmp;
using Fleet.Benchmarks.Store;

// NAME -> figures -> table on the terminal, artifacts/bench/NAME.json
#pragma warning disable RS0030 // the composition root chooses the clock
var clock = TimeProvider.System;
#pragma warning restore RS0030

var benches = new Dictionary<string, Func<TimeProvider, Task<Report>>>
{
    ["store"] = StoreBench.RunAsync,
    ["ingest"] = IngestBench.RunAsync,
    ["snmp"] = SnmpBench.RunAsync,
    ["snmp-read"] = SnmpBench.ReadAsync,
    ["snmp-agent"] = SnmpBench.AgentAsync,
    ["snmp-allocations"] = SnmpAllocations.RunAsync,
};
var json = args.Contains("--json");
var asked = args.Where(a => !a.StartsWith('-')).ToArray();
foreach (var name in asked.Length > 0 ? asked : [.. benches.Keys.Where(name => name is not ("snmp-read" or "snmp-agent"))])      // "snmp" has them
{
    if (!benches.TryGetValue(name, out var bench))
    {
        Console.Error.WriteLine($"fleet: no benchmark {name}; there are: {string.Join(", ", benches.Keys)}");
        return 2;
    }
    var report = await bench(clock);
    await report.WriteAsync(Path.Combine("artifacts", "bench"));
    Console.WriteLine(json ? report.ToJson() : report.ToTable());
}
return 0;
