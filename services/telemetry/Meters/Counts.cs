using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>Where a device's counters stand: what the next reading is held against. Part of <see cref="Device"/>; as large as the device has counters.</summary>
/// <param name="Newest">The newest reading by observation.</param>
/// <param name="Tails">By counter.</param>
public sealed record Counts(LastReading? Newest, ImmutableSortedDictionary<string, Tail> Tails)
{
    public static readonly Counts None = new(null, ImmutableSortedDictionary.Create<string, Tail>(StringComparer.Ordinal));

    public bool Same(Counts other) =>
        Newest == other.Newest && Tails.Count == other.Tails.Count && Tails.All(tail => other.Tails.GetValueOrDefault(tail.Key) == tail.Value);

    /// <summary>The reading a counter's last count stands in.</summary>
    public LastReading ReadOf(Tail tail) => tail.Read ?? Newest!;

    public static Counts Evolve(Counts counts, DeviceEvent e) => e switch
    {
        DeviceEvent.MeterRead { Late: true } => counts,         // a Restated says what it changed, if anything
        DeviceEvent.MeterRead read => counts.With(Observation.Of(read.Id ?? Guid.Empty, read), new HashSet<string>(read.Ignored ?? [], StringComparer.Ordinal)),
        MeterEvent.EpochsStarted started => counts.With(started.Starts),
        MeterEvent.Restated restated => restated.After,
        MeterEvent.ReadingCorrected => counts,
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };

    /// <summary>Epochs that begin with the reading that follows.</summary>
    public Counts With(IReadOnlyList<EpochStart> starts) => this with
    {
        Tails = Tails.SetItems(starts.Select(start => KeyValuePair.Create(start.Counter, Tails.TryGetValue(start.Counter, out var tail)
            ? new Tail(start.Value, tail.Counted + (start.Bridged ?? 0), tail.Epoch + 1, tail.Source)
            : new Tail(start.Value, 0, 1, 0)))),
    };

    /// <summary>A reading newer than all before it; counters in <paramref name="ignored"/> stay where they are.</summary>
    public Counts With(Observation reading, IReadOnlySet<string> ignored)
    {
        var read = reading.Counters.Where(c => !ignored.Contains(c.Name)).ToDictionary(c => c.Name);
        var tails = Tails.ToBuilder();
        // The counters this one does not tell keep the reading that told them last.
        if (Newest is { } before)
            foreach (var (name, tail) in Tails)
                if (tail.Read is null && !read.ContainsKey(name))
                    tails[name] = tail with { Read = before };
        foreach (var (name, counter) in read)
        {
            var tail = Tails.GetValueOrDefault(name) ?? new Tail(counter.Value, 0, 1, 0);
            // Without an epoch's start a count can only have grown; readings from before epochs were kept count nothing where they fell.
            tails[name] = new Tail(counter.Value, tail.Counted + Math.Max(0, counter.Value - tail.Value), tail.Epoch, Tail.SourceOf(counter));
        }
        return new(reading.Mark with { Serial = reading.Serial ?? Newest?.Serial, Mac = reading.Mac ?? Newest?.Mac }, tails.ToImmutable());
    }
}

/// <param name="Serial">The last that was told; null: never.</param>
public sealed record LastReading(
    Guid Id, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Agent = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Serial = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mac = null);

/// <summary>One counter so far.</summary>
/// <param name="Value">Its last count.</param>
/// <param name="Counted">Pages counted since its first reading, over all epochs.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Source">Tells whether the next count is read from the same object, in the same unit.</param>
/// <param name="Read">The reading of its last count; null: the device's newest.</param>
public sealed record Tail(
    long Value, long Counted, int Epoch, int Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LastReading? Read = null)
{
    // FNV-1a: a number instead of a text of forty letters in every counter of every snapshot. It must be the same in every process, for ever.
    public static int SourceOf(Counter counter)
    {
        var hash = 2166136261u;
        foreach (var letter in counter.Oid.AsSpan())
            hash = unchecked((hash ^ letter) * 16777619);
        foreach (var letter in counter.Unit.AsSpan())
            hash = unchecked((hash ^ letter) * 16777619);
        return unchecked((int)hash);
    }
}
