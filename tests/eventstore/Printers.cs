using System.Diagnostics;

namespace Fleet.EventStore.Tests;

/// <summary>A small world: printers that are seen, print, and get their name.</summary>
public abstract record PrinterEvent
{
    public sealed record Seen(string Model, DateTimeOffset At) : PrinterEvent;
    public sealed record Printed(long Pages) : PrinterEvent;
    public sealed record Named(string? Name) : PrinterEvent;
}

public sealed record Printer(string? Model, long Pages, int Events)
{
    public static readonly Printer None = new(null, 0, 0);

    public static Printer Evolve(Printer printer, PrinterEvent e) => e switch
    {
        PrinterEvent.Seen seen => printer with { Model = seen.Model, Events = printer.Events + 1 },
        PrinterEvent.Printed printed => printer with { Pages = printer.Pages + printed.Pages, Events = printer.Events + 1 },
        PrinterEvent.Named => printer with { Events = printer.Events + 1 },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

public sealed record PrinterRow(string Id, string? Model, long Pages, int Events, long LastVersion, DateTimeOffset? SeenAt);

public sealed record PrintedRow(long Pages, long Sequence);

/// <summary>The same count, kept in the append's transaction.</summary>
public sealed record CountRow(long Events, long LastVersion);

public static class Printers
{
    public static StreamType<Printer, PrinterEvent> Stream(bool snapshot = false) => new("printer", Printer.None, Printer.Evolve)
    {
        Events =
        {
            ["printer_seen"] = typeof(PrinterEvent.Seen),
            ["printer_printed"] = typeof(PrinterEvent.Printed),
            ["printer_named"] = typeof(PrinterEvent.Named),
        },
        Snapshot = snapshot,
    };

    public static View<PrinterRow> View(int version = 1, Func<PrinterRow, IEvent, PrinterRow>? also = null) => new("printers", version, e => [e.StreamKey],
        (row, e, key) =>
        {
            row ??= new PrinterRow(key, null, 0, 0, 0, null);
            // A view that sees an event twice, or one too few, finds out by itself.
            if (e.Version != row.LastVersion + 1) throw new InvalidOperationException($"{key}: version {e.Version} after {row.LastVersion}");
            row = row with { Events = row.Events + 1, LastVersion = e.Version };
            row = e.Data switch
            {
                PrinterEvent.Seen seen => row with { Model = seen.Model, SeenAt = seen.At },
                PrinterEvent.Printed printed => row with { Pages = row.Pages + printed.Pages },
                _ => row,
            };
            return also is null ? row : also(row, e);
        })
    {
        Indexes = ["model", "pages"],
    };

    public static readonly View<CountRow> Counts = new("counts", 1, _ => ["all"],
        (row, e, _) => new CountRow((row?.Events ?? 0) + 1, e.Version))
    {
        Lifecycle = ViewLifecycle.Inline,
    };

    public static readonly View<PrintedRow> Prints = new("prints", 1, e => e.Data is PrinterEvent.Printed ? [$"{e.StreamKey}/{e.Version}"] : [],
        (_, e, _) => new PrintedRow(((PrinterEvent.Printed)e.Data).Pages, e.Sequence))
    {
        AppendOnly = true,
    };
}
