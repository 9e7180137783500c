using System.Security.Cryptography;
using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Agent.Normalising;
using Fleet.Agent.Polling;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;

namespace Fleet.Agent.Discovering;

// schedule -> SweepRanges -> who are you (one read of identity a printer) -> CompareSweeps -> inventory.json, log, health -> PollDevices.Follow

/// <summary>Keeps the list of printers to poll true to the ranges of the configuration.</summary>
/// <param name="allowed">What may be asked at the moment; without identity and status nothing is.</param>
/// <param name="follow">Takes the printers to poll, all of them, each time they change.</param>
public sealed class DiscoverDevices(AgentConfig config, byte[] salt, SweepRanges sweep, Probe probe, Func<FieldGroups> allowed, Action<IReadOnlyList<Target>> follow, TimeProvider clock, AgentLog log)
{
    private const int NamedAtOnce = 64;

    // What a device's name is made of.
    private const FieldGroups Naming = FieldGroups.Identity | FieldGroups.NetworkAddress;

    // For a grant that opens the question what a device is.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly string file = Path.Combine(config.StateDir, "inventory.json");
    private readonly string rangesHash = HashOf(config);
    private readonly IReadOnlyList<RangeConfig> ranges = config.Ranges ?? [];

    /// <summary>Of the last sweep since the start; null before it ends.</summary>
    public DiscoveryHealth? Last { get; private set; }

    /// <summary>First what is known, then sweep after sweep until stopped. Without ranges there is nothing to do.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (ranges.Count == 0) return;
        var inventory = Inventory.Load(file);
        Follow(inventory);
        try
        {
            while (true)
            {
                var due = inventory.Of == rangesHash && inventory.At is { } last ? last + config.DiscoveryEvery : DateTimeOffset.MinValue;
                if (due > clock.GetUtcNow()) await Task.Delay(due - clock.GetUtcNow(), clock, stop);
                while (!MaySweep(allowed())) await Task.Delay(LookAgain, clock, stop);
                inventory = await SweepAsync(inventory, stop);
                Follow(inventory);
                inventory.Save(file);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>One sweep.</summary>
    public async Task<Inventory> SweepAsync(Inventory before, CancellationToken stop)
    {
        var (at, may) = (clock.GetUtcNow(), allowed());
        if (!MaySweep(may))
        {
            log.Warn("discovery: no grant allows to ask what a device is; nothing was asked");
            return before with { Of = rangesHash, At = at };
        }
        var swept = await sweep.RunAsync(ranges, may, stop);
        foreach (var name in swept.Unresolved) log.Warn($"discovery: no address is known for {name}");
        if (swept.Denied > 0) log.Warn($"discovery: {swept.Denied} times a device was there and did not let the SNMPv3 user in; fleet-agent probe --user says why");
        var printers = swept.Answering.Where(one => one.Kind == DeviceKind.Printer).Select(one => Target.Of(one.Target, salt)).ToList();
        var named = new List<(string, KnownPrinter?)>();
        foreach (var group in printers.Chunk(NamedAtOnce)) named.AddRange(await Task.WhenAll(group.Select(target => NameAsync(target, may, stop))));

        var (known, changes) = CompareSweeps.Decide(before.Asked == (may & Naming) ? before.Printers : [], named, at);
        var others = swept.Answering.Where(one => one.Kind != DeviceKind.Printer).CountBy(one => one.Kind).OrderBy(one => one.Key)
            .Select(one => new KindCount(one.Key.ToString().ToLowerInvariant(), one.Value)).ToList();
        Last = new(at, swept.Asked, swept.Answering.Count, printers.Count, others, changes.New.Count, changes.Moved.Count, changes.Vanished.Count);
        foreach (var line in DiscoveryWords.Of(Last, changes)) log.Info($"discovery: {line}");
        return new(rangesHash, at, known, may & Naming);
    }

    private static bool MaySweep(FieldGroups may) => (may & (FieldGroups.Identity | FieldGroups.Status)) != 0;

    private async Task<(string Target, KnownPrinter? Printer)> NameAsync(Target target, FieldGroups may, CancellationToken stop)
    {
        var asked = may & Naming;
        var reading = await probe.ReadAsync(target.Snmp, asked, stop);
        if (Normalise.From(target, reading, Look.Status, asked, salt) is not { Device: var device }) return (target.Name, null);
        var label = string.Join(' ', new[] { device.Manufacturer ?? "printer", reading.Model, device.Serial ?? device.Mac }.OfType<string>());
        return (target.Name, new(device.Key, target.Name, target.Address, label));
    }

    // The community is not in the inventory: it comes from the range that still holds the address. A target named one by one is already asked.
    private void Follow(Inventory inventory)
    {
        var fixedOnes = (config.Targets ?? []).Select(target => Target.Of(target, salt).Name).ToHashSet();
        follow(
        [
            .. inventory.Printers.Where(printer => !fixedOnes.Contains(printer.Target))
                .Select(printer => ranges.Select(range => Target.Of(range.At(System.Net.IPAddress.Parse(printer.Address)), salt)).FirstOrDefault(target => target.Name == printer.Target))
                .OfType<Target>()
        ]);
    }

    // What is found depends on these; another list is another question and is not kept waiting for tomorrow.
    private static string HashOf(AgentConfig config) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', (config.Ranges ?? []).Select(range => $"{range.Addresses}\t{range.Port}\t{range.Community}\t{range.Credential}"))))[..8]);
}
