using System.Globalization;
using Fleet.Printers;
using Fleet.Snmp;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Fleet.Agent.Commands;

/// <summary>A reading as a card on a terminal.</summary>
internal static class ProbeCard
{
    private const int BarCells = 24, LowPercent = 10;

    public static IRenderable Of(string address, PrinterReading reading)
    {
        IEnumerable<IRenderable?> parts =
        [
            Identity(reading), Status(reading),
            Section("Counters", reading.Counters.Select(Row), 1),
            Section("Supplies", reading.Supplies.Select(Row)),
            Section("Trays", reading.Trays.Select(Row)),
            Section("Covers", reading.Covers.Select(cover => Cells(cover.Name, cover.IsOpen switch { true => "[red]open[/]", false => "closed", null => "[grey]unknown[/]" }))),
            Section("Alerts", reading.Alerts.Select(Row))
        ];
        return new Panel(new Rows(parts.OfType<IRenderable>())) { Header = new($" [bold]{$"{reading.Manufacturer ?? "?"} {reading.Model ?? "?"}".EscapeMarkup()}[/] at {address.EscapeMarkup()} "), Border = BoxBorder.Rounded, Padding = new(1, 0) };
    }

    private static Grid Identity(PrinterReading reading)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        (string, string?)[] facts = [("serial", reading.Serial), ("MAC", reading.Mac), ("firmware", reading.Firmware), ("name", reading.Name), ("location", reading.Location), ("profile", $"{reading.Profile.Name} {reading.Profile.Version}")];
        foreach (var (what, value) in facts) grid.AddRow(new Markup($"[grey]{what}[/]"), new Text(value ?? "–"));
        if (reading.Outcome is not SnmpOutcome.Answered) grid.AddRow(new Markup("[yellow]not whole[/]"), new Text($"it {reading.Outcome.InWords}"));
        return grid;
    }

    private static Markup? Status(PrinterReading reading) => reading.Status is not { } status ? null : new(
        $"{(status.Device, status.Errors.Count) switch { ("down", _) => "[red]● down[/]", ("warning", _) or (_, > 0) => $"[yellow]● {status.Device.EscapeMarkup()}[/]", ("running", _) => "[green]● running[/]", _ => $"[grey]● {status.Device.EscapeMarkup()}[/]" }}, {status.Printer.EscapeMarkup()}"
        + (status.Errors.Count == 0 ? "" : $": [yellow]{string.Join(", ", status.Errors).EscapeMarkup()}[/]"));

    private static Rows? Section(string title, IEnumerable<Markup[]> rows, int? right = null)
    {
        var all = rows.ToList();
        if (all.Count == 0) return null;
        var grid = new Grid();
        for (var column = 0; column < all[0].Length; column++) grid.AddColumn(new GridColumn { Alignment = column == right ? Justify.Right : Justify.Left, NoWrap = column > 0 });
        foreach (var row in all) grid.AddRow([.. row]);
        return new(Text.Empty, new Markup($"[bold]{title}[/]"), grid);
    }

    private static Markup[] Row(Counter counter) =>
        [new(counter.Name.EscapeMarkup()), new(counter.Value.ToString("N0", CultureInfo.InvariantCulture)), new($"[grey]{counter.Unit.EscapeMarkup()}[/]")];

    // Bars only for what has a percentage: a bar for "some left" would be an invention.
    private static Markup[] Row(Supply supply) => Cells(
        supply.Description.Length > 0 ? supply.Description : supply.Type,
        supply.Percent is { } percent ? Bar(percent, Colour(supply.Color)) : "",
        supply.Percent is <= LowPercent ? $"[red]{ProbeLines.Amount(supply.State, supply.Level, supply.Percent)}[/]" : ProbeLines.Amount(supply.State, supply.Level, supply.Percent).EscapeMarkup(),
        supply.Class == "receptacle" ? "[grey]space left[/]" : "");

    private static Markup[] Row(Tray tray) => Cells(
        tray.Name.Length > 0 ? tray.Name : $"tray {tray.Slot}",
        tray is { Level: { } level, Capacity: { } capacity } ? Bar(Math.Min(100m, level * 100m / capacity), "blue") : "",
        $"{ProbeLines.Amount(tray.State, tray.Level, null).EscapeMarkup()}{(tray.Capacity is { } of ? string.Create(CultureInfo.InvariantCulture, $" of {of}") : "")}{(tray.Unit == "unknown" ? "" : $" {tray.Unit.EscapeMarkup()}")}",
        tray.Status.Any(part => part is "critical-alerts" or "unavailable-broken") ? $"[yellow]{string.Join(", ", tray.Status).EscapeMarkup()}[/]" : "");

    private static Markup[] Row(Alert alert) => Cells(
        alert.Description.Length > 0 ? alert.Description : string.Create(CultureInfo.InvariantCulture, $"{alert.Group} {alert.Code}"),
        alert.Severity switch { "critical" => "[red]critical[/]", "warning" => "[yellow]warning[/]", var other => $"[grey]{other.EscapeMarkup()}[/]" });

    private static Markup[] Cells(string text, params string[] markup) => [new(text.EscapeMarkup()), .. markup.Select(one => new Markup(one))];

    private static string Bar(decimal percent, string colour)
    {
        var full = (int)Math.Round(percent * BarCells / 100m, MidpointRounding.AwayFromZero);
        return $"[{colour}]{new string('█', full)}[/][grey]{new string('░', BarCells - full)}[/]";
    }

    private static string Colour(string? colorant) => colorant?.ToUpperInvariant() switch
    {
        "BLACK" => "silver",        // black on a black terminal shows nothing
        "CYAN" => "aqua",
        "MAGENTA" => "fuchsia",
        "YELLOW" => "yellow",
        _ => "green"
    };
}
