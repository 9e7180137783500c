using System.Collections.Concurrent;
using Fleet.Simulator.Personalities;
using Fleet.Simulator.Printers;
using Fleet.Snmp;

namespace Fleet.Simulator.Mib;

/// <summary>A printer's objects at one moment, in walking order: its model's fixed rows, and the alerts of the moment between them.</summary>
public sealed class MibView
{
    // The rows of a model are the same for all its printers; only values differ.
    private static readonly ConcurrentDictionary<Personality, Row[]> FixedRows = new(ReferenceEqualityComparer.Instance);

    private readonly PrinterState state;
    private readonly Row[] rows;
    private readonly IReadOnlyList<Row> alerts;

    public MibView(PrinterState state)
    {
        this.state = state;
        rows = FixedRows.GetOrAdd(state.Printer.Personality, Build);
        alerts = AlertRows.Of(state);
    }

    public SnmpValue Get(Oid name) => Find(rows, name) ?? Find(alerts, name) switch
    {
        { } value => value,
        // RFC 3416 §4.2.1: an object that exists elsewhere lacks the instance; else there is no such object.
        null => Column(name) is { } column && Next(column)?.Name.StartsWith(column) == true ? SnmpValue.NoSuchInstance : SnmpValue.NoSuchObject
    };

    /// <summary>The first object behind a name, or null at the end of the view.</summary>
    public VarBind? Next(Oid name)
    {
        var (one, other) = (Behind(rows, name), Behind(alerts, name));
        var next = one is null ? other : other is null || one.Oid < other.Oid ? one : other;
        return next is null ? null : new(next.Oid, next.Value(state));
    }

    private static Row[] Build(Personality model)
    {
        var omits = model.Omits.Select(Oid.Parse).ToList();
        var vendor = model.Vendor.Select(entry => new Row(Oid.Parse(entry.Key), ValueText.Parse(entry.Value)));
        return [.. SystemRows.Of(model).Concat(HostRows.Of(model)).Concat(PrinterRows.Of(model)).Concat(vendor)
            .Where(row => !omits.Any(row.Oid.StartsWith)).OrderBy(row => row.Oid)];
    }

    private SnmpValue? Find(IReadOnlyList<Row> sorted, Oid name) =>
        FirstBehind(sorted, name) is > 0 and var at && sorted[at - 1].Oid == name ? sorted[at - 1].Value(state) : null;

    private static Row? Behind(IReadOnlyList<Row> sorted, Oid name) => FirstBehind(sorted, name) is var at && at < sorted.Count ? sorted[at] : null;

    private static int FirstBehind(IReadOnlyList<Row> sorted, Oid name)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle].Oid > name) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private static Oid? Column(Oid name)
    {
        var arcs = new uint[Math.Max(0, name.Count - 1)];
        for (var at = 0; at < arcs.Length; at++) arcs[at] = name[at];
        return arcs.Length == 0 ? null : new Oid(arcs);
    }
}
