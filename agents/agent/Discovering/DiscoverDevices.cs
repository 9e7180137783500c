using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Agent.Granting;
using Fleet.Agent.Normalising;
using Fleet.Agent.Polling;
using Fleet.Agent.Scheduling;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;

namespace Fleet.Agent.Discovering;

// schedule -> SweepRanges -> who are you (one read of identity a printer) -> CompareSweeps -> inventory.json, log, health -> PollDevices.Follow

/// <summary>Keeps the list of printers to poll true to the ranges of the configuration.</summary>
/// <param name="open">The grant of the moment; without identity and status nothing is asked.</param>
/// <param name="follow">Takes the printers to poll, all of them, each time they change.</param>
public sealed class DiscoverDevices(AgentConfig config, KeepRanges ranges, byte[] salt, SweepRanges sweep, Probe probe, Func<Grant?> open, Action<IReadOnlyList<Target>> follow, TimeProvider clock, AgentLog log)
{
    private const int NamedAtOnce = 64;

    // What a device's name is made of.
    private const FieldGroups Naming = FieldGroups.Identity | FieldGroups.NetworkAddress;

    // For a grant that opens the question what a device is.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);    // a timer takes no more than 49

    private readonly Schedule schedule = config.DiscoveryEvery;
    private readonly double place = Place.Of(Target.NameOf("discovery", salt));
    private DateTimeOffset begin;

    private readonly string file = Path.Combine(config.StateDir, "inventory.json");
    private TaskCompletionSource sweepNow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Of the last sweep since the start; null before it ends.</summary>
    public DiscoveryHealth? Last { get; private set; }

    public bool IsSweeping { get; private set; }

    /// <summary>What the last sweep knew.</summary>
    public Inventory Known { get; private set; } = Inventory.Empty;

    /// <summary>The next sweep is due now.</summary>
    public void SweepNow() => sweepNow.TrySetResult();

    /// <summary>First what is known, then sweep after sweep until stopped. Other ranges, and a field group taken away, end a sweep and begin the next.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Known = Inventory.Load(file);
        begin = Known.At ?? clock.GetUtcNow();
        while (!stop.IsCancellationRequested)
        {
            var (counting, until) = ranges.Now;
            using var round = CancellationTokenSource.CreateLinkedTokenSource(stop, until);
            try
            {
                Follow(counting);
                var inTurn = await WaitAsync(counting, round.Token);
                var inventory = await SweepAsync(Known, counting, round.Token);
                if (!inTurn) begin = inventory.At!.Value;
                (Known, sweepNow) = (inventory, new(TaskCreationOptions.RunContinuationsAsynchronously));
                Follow(counting);
                Keep(inventory);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private void Keep(Inventory inventory)
    {
        try
        {
            inventory.Save(file);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            log.Warn($"discovery: what was found cannot be kept over a restart: {full.Message}");
        }
    }

    // Without ranges there is nothing to do until there are some. True when the schedule's turn has come, false when it was called for or the ranges are other ones.
    private async Task<bool> WaitAsync(IReadOnlyList<RangeConfig> counting, CancellationToken round)
    {
        if (counting.Count == 0) await Task.Delay(Timeout.InfiniteTimeSpan, clock, round);
        DateTimeOffset? due = Known.Of == HashOf(counting) && Known.At is { } last ? schedule.After(last, begin, schedule.Spread * place) : null;
        while (due - clock.GetUtcNow() is { } wait && wait > TimeSpan.Zero && !sweepNow.Task.IsCompleted)
        {
            try
            {
                // Timers know whole milliseconds: less than one would be none, and this loop would spin.
                await sweepNow.Task.WaitAsync(wait < LongestWait ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : LongestWait, clock, round);
            }
            catch (TimeoutException)
            {
            }
        }
        while (!MaySweep(Allowed)) await Task.Delay(LookAgain, clock, round);
        return due <= clock.GetUtcNow() && !sweepNow.Task.IsCompleted;
    }

    /// <summary>One sweep of the ranges that count.</summary>
    public Task<Inventory> SweepAsync(Inventory before, CancellationToken stop) => SweepAsync(before, ranges.Now.Ranges, stop);

    private async Task<Inventory> SweepAsync(Inventory before, IReadOnlyList<RangeConfig> counting, CancellationToken cancel)
    {
        var (at, grant) = (clock.GetUtcNow(), open());
        var may = grant?.Allowed ?? FieldGroups.None;
        if (!MaySweep(may))
        {
            log.Warn("discovery: no grant allows to ask what a device is; nothing was asked");
            return before with { Of = HashOf(counting), At = at };
        }
        using var narrowed = CancellationTokenSource.CreateLinkedTokenSource(cancel, grant!.Narrowed, grant.Withdrawn);
        var stop = narrowed.Token;
        IsSweeping = true;
        try
        {
            var swept = await sweep.RunAsync(counting, may, stop);
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
            // Other ranges: who was not found in them is known no longer, else a name taken out of them would be asked for sixty days.
            return new(HashOf(counting), at, before.Of == HashOf(counting) ? known : [.. known.Where(printer => printer.MissingSince is null || NamedBy(counting, printer))], may & Naming);
        }
        finally
        {
            IsSweeping = false;
        }
    }

    private FieldGroups Allowed => open()?.Allowed ?? FieldGroups.None;

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
    private void Follow(IReadOnlyList<RangeConfig> counting)
    {
        var fixedOnes = (config.Targets ?? []).Select(target => Target.Of(target, salt).Name).ToHashSet();
        follow(
        [
            .. Known.Printers.Where(printer => !fixedOnes.Contains(printer.Target))
                .Select(printer => counting.Where(range => Leads(range, printer)).Select(range => Target.Of(range.At(IPAddress.Parse(printer.Address)), salt)).FirstOrDefault(target => target.Name == printer.Target))
                .OfType<Target>()
        ]);
    }

    // Whose address is in no range any more is not asked any more. Where a range has names, one of them may lead there.
    private static bool Leads(RangeConfig range, KnownPrinter printer) =>
        range.Ranges.Holds(IPAddress.Parse(printer.Address)) || (range.Ranges.Names.Count > 0 && !range.Ranges.Forbids(IPAddress.Parse(printer.Address)));

    private static bool NamedBy(IReadOnlyList<RangeConfig> counting, KnownPrinter printer) => counting.Any(range => range.Ranges.Holds(IPAddress.Parse(printer.Address)));

    // What is found depends on these; another list is another question and is not kept waiting for tomorrow.
    private static string HashOf(IReadOnlyList<RangeConfig> counting) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', counting.Select(range => $"{range.Addresses}\t{range.Port}\t{range.Community}\t{range.Credential}"))))[..8]);
}
