using System.Net;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Benchmarks.Snmp;

/// <summary>
/// A full read of a thousand printers, everything the agent knows to ask, against <c>snmpbulkwalk</c> in a loop of sixteen jobs: of the standard's part of the tree and of the
/// vendors', which is what it takes to have the same values. The printers share the machine with both.
/// </summary>
internal static class ReadFleet
{
    private const int Printers = 1000, AtOnce = 128, WarmUp = 10, Rounds = 5, Loop = 160, Port = 18611;

    public static async Task<IReadOnlyList<Figure>> RunAsync(TimeProvider clock, Action<string> says)
    {
        says($"{Printers} virtual printers, full read");
        await using var printers = await VirtualPrinters.StartAsync(Printers, Port, clock);
        var (ours, theirs, inventory) = (new List<double>(), new List<double>(), new List<double>());
        // An agent runs for months; its first seconds are the compiler's.
        for (var round = 0; round < WarmUp; round++) await ReadAsync(printers, clock);
        for (var round = 1; round <= Rounds; round++)
        {
            var rate = Printers / await ReadAsync(printers, clock);
            ours.Add(rate);
            if (ShellLoop.Has("snmpbulkwalk")) theirs.Add(Loop / await LoopAsync($"for tree in 1.3.6.1.2.1 1.3.6.1.4.1; do snmpbulkwalk -v2c -c public -On \"$1:{Port}\" $tree; done"));
            if (ShellLoop.Has("fusioninventory-netinventory")) inventory.Add(Loop / await LoopAsync($"fusioninventory-netinventory --host \"$1\" --port {Port} --community public --type PRINTER"));
            says($"  round {round}: {rate:0} printers a second");
        }
        return
        [
            Figure.Of("full read", "printers/s", ours),
            .. Beside("snmpbulkwalk of the same, 16 jobs", ours, theirs, goal: 20),
            .. Beside("fusioninventory-netinventory, 16 jobs", ours, inventory, goal: null)
        ];

        Task<double> LoopAsync(string command) => ShellLoop.RunAsync(command, printers.Addresses.Take(Loop), clock);
    }

    private static async Task<double> ReadAsync(VirtualPrinters printers, TimeProvider clock)
    {
        using var client = new SnmpClient(Probe.Asking, clock, new Random(7));
        var probe = new Probe(client, Profiles.BuiltIn);
        var began = clock.GetTimestamp();
        var readings = new PrinterReading[printers.Addresses.Count];
        // More at once are not read sooner: two processors are busy with these, and half-read printers are what a collector moves about.
        await Parallel.ForAsync(0, readings.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            readings[i] = await probe.ReadAsync(new(new(IPAddress.Parse(printers.Addresses[i]), printers.Port), SnmpCredential.V2C("public")), FieldGroups.All, CancellationToken.None));
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        var partial = readings.Count(reading => reading is not { Outcome: SnmpOutcome.Answered, Serial: not null, Counters.Count: > 1, Supplies.Count: > 0 });
        return partial == 0 ? seconds : throw new InvalidOperationException($"{partial} of {readings.Length} printers were not read whole: the figure would say nothing");
    }

    private static IEnumerable<Figure> Beside(string name, List<double> ours, List<double> theirs, double? goal) => theirs.Count == 0
        ? []
        : [Figure.Of(name, "printers/s", theirs), Figure.Of($"full read against {name.Split(' ')[0]}", "times", [.. ours.Zip(theirs, (our, their) => our / their)], goal)];
}
