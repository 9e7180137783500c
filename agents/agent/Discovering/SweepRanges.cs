using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Discovering;

// ranges -> addresses -> Recognise (one Get each, thousands under way) -> printers, and how much of what else

/// <summary>What stood at an address that answered.</summary>
public sealed record Answering(TargetConfig Target, DeviceKind Kind);

/// <param name="Asked">Addresses.</param>
/// <param name="Unresolved">Host names without an address.</param>
/// <param name="Denied">Times a device was there and did not let the SNMPv3 user in.</param>
public sealed record Swept(int Asked, IReadOnlyList<Answering> Answering, IReadOnlyList<string> Unresolved, int Denied = 0);

/// <summary>Asks every address of the ranges once.</summary>
/// <param name="resolve">Addresses of a host name; <see cref="SocketException"/> when there is none.</param>
public sealed class SweepRanges(Recognise recognise, Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider clock)
{
    /// <summary>Unanswered at a time.</summary>
    public const int AtOnce = 16_384;

    // New addresses in each hundredth of a second: evenly, because answers that come in bursts overrun the socket's buffer, here or at a switch. With one retry
    // some twelve thousand small packets a second; 65,536 addresses in ten seconds and the last one's patience.
    private const int AtATime = 65;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    public async Task<Swept> RunAsync(IReadOnlyList<RangeConfig> ranges, FieldGroups allowed, CancellationToken stop)
    {
        var (asked, denied, unresolved, found) = (0, 0, new List<string>(), new ConcurrentDictionary<IPEndPoint, Answering>());
        foreach (var range in ranges)
        {
            var (addresses, unknown) = await AddressesAsync(range, stop);
            unresolved.AddRange(unknown);
            // Ranges that overlap are further credentials for the same addresses: who has answered one is not asked by the next.
            var open = addresses.Select(address => new IPEndPoint(address, range.Port)).Where(place => !found.ContainsKey(place));
            await Parallel.ForEachAsync(PacedAsync(open, stop), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (place, cancel) =>
            {
                Interlocked.Increment(ref asked);
                var sighting = await recognise.AskAsync(new(place, range.Opens, SnmpPatience.Sweep), allowed, cancel);
                if (sighting.Outcome.IsDenied) Interlocked.Increment(ref denied);
                if (sighting.Kind is { } kind) found.TryAdd(place, new(range.At(place.Address), kind));
            });
        }
        return new(asked, [.. found.OrderBy(one => AddressSpan.Of(one.Key.Address)).ThenBy(one => one.Key.Port).Select(one => one.Value)], unresolved, denied);
    }

    // By the time that has passed, not by counting beats: a timer that comes late lets the ones it missed through at once, but no more than a tenth of a second of them.
    private async IAsyncEnumerable<IPEndPoint> PacedAsync(IEnumerable<IPEndPoint> places, [EnumeratorCancellation] CancellationToken stop)
    {
        var (last, open) = (clock.GetTimestamp(), (double)AtATime);
        foreach (var place in places)
        {
            while (open < 1)
            {
                await Task.Delay(Beat, clock, stop);
                var now = clock.GetTimestamp();
                open = Math.Min(open + (clock.GetElapsedTime(last, now) / Beat * AtATime), 10 * AtATime);
                last = now;
            }
            open--;
            yield return place;
        }
    }

    private async Task<(IEnumerable<IPAddress> Addresses, IReadOnlyList<string> Unresolved)> AddressesAsync(RangeConfig range, CancellationToken stop)
    {
        var unresolved = new List<string>();
        var ranges = range.Ranges.Without([.. (await ResolveAsync(range.Ranges.ExcludedNames, unresolved, stop)).SelectMany(all => all)]);
        // A name is one device, however many addresses it has; IPv4 first, as printers are set up.
        var named = (await ResolveAsync(ranges.Names, unresolved, stop))
            .Select(all => all.Where(address => !ranges.Forbids(address)).OrderBy(address => address.AddressFamily).FirstOrDefault())
            .OfType<IPAddress>().Where(address => !ranges.Spans.Any(span => span.Contains(address)));
        return (ranges.Addresses.Concat(named.Distinct()), unresolved);
    }

    private async Task<List<IPAddress[]>> ResolveAsync(IReadOnlyList<string> names, List<string> unresolved, CancellationToken stop)
    {
        var resolved = new List<IPAddress[]>();
        foreach (var name in names)
        {
            try
            {
                resolved.Add(await resolve(name, stop));
            }
            catch (SocketException)
            {
                unresolved.Add(name);
            }
        }
        return resolved;
    }
}
