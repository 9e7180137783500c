using System.Net;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Benchmarks.Snmp;

/// <summary>A /16 of which one in a hundred answers, a second of patience and one retry; against <c>snmpbulkwalk</c> in a loop of sixteen jobs, of which a part is measured and the whole reckoned.</summary>
internal static class SweepRange
{
    private const int Addresses = 65_536, Alive = 655, Rounds = 3, Sample = 160, Port = 18612;

    public static async Task<IReadOnlyList<Figure>> RunAsync(TimeProvider clock, Action<string> says)
    {
        says($"sweep of {Addresses} addresses, {Alive} alive");
        await using var printers = await VirtualPrinters.StartAsync(Alive, Port, clock);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 1; round <= Rounds; round++)
        {
            ours.Add(await SweepAsync(printers, clock));
            says($"  round {round}: {ours[^1]:0.0} s");
        }
        if (ShellLoop.Has("snmpbulkwalk"))
        {
            // As in the whole: one in a hundred or so is alive.
            var silent = Enumerable.Range(1, 250).Select(last => $"{string.Join('.', printers.Addresses[0].Split('.')[..2])}.200.{last}");
            theirs.Add(await ShellLoop.RunAsync($"snmpbulkwalk -v2c -c public -t 1 -r 1 \"$1:{Port}\" 1.3.6.1.2.1.1", silent.Take(Sample - 2).Concat(printers.Addresses.Take(2)), clock) * Addresses / Sample);
        }
        return
        [
            Figure.Of("sweep of 65,536 addresses, 1 % alive", "s", ours, goal: 15, lessIsBetter: true),
            .. theirs.Count == 0 ? [] : new[] { Figure.Of($"snmpbulkwalk, 16 jobs, reckoned from {Sample} addresses", "s", theirs) }
        ];
    }

    private static async Task<double> SweepAsync(VirtualPrinters printers, TimeProvider clock)
    {
        using var client = new SnmpClient(Probe.Asking with { MaxInFlight = SweepRanges.AtOnce }, clock, new Random(7));
        var sweep = new SweepRanges(new(client, Profiles.BuiltIn), Dns.GetHostAddressesAsync, clock);
        var began = clock.GetTimestamp();
        var swept = await sweep.RunAsync([new RangeConfig(printers.Range, printers.Port)], FieldGroups.All, CancellationToken.None);
        var seconds = clock.GetElapsedTime(began).TotalSeconds;
        var found = swept.Answering.Count(one => one.Kind == DeviceKind.Printer);
        return found == Alive ? seconds : throw new InvalidOperationException($"{found} of {Alive} printers were found in {swept.Asked} addresses: the figure would say nothing");
    }
}
