using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Fleet.Simulator.Pages;
using Fleet.Simulator.Printers;

namespace Fleet.Simulator.Commands;

/// <summary>A counter of a printer at two times; <see cref="Pages"/> is what was printed in between.</summary>
public sealed record CountedPages(long From, long To)
{
    public long Pages => To - From;
}

/// <summary>What the printer itself has counted: the truth an invoice is checked with.</summary>
/// <param name="Tenant">Only when a tenant split was given.</param>
/// <param name="Counters">By name: total, mono, color, print.mono, …</param>
public sealed record PrinterPages(string Serial, string Model, string? Tenant, IReadOnlyDictionary<string, CountedPages> Counters);

/// <summary><c>fleet-simulator pages</c>.</summary>
public static class CountPages
{
    public static IEnumerable<PrinterPages> Of(long seed, int printers, DateTimeOffset from, DateTimeOffset to, TenantSplit? split = null)
    {
        foreach (var number in Enumerable.Range(0, printers))
        {
            var printer = new VirtualPrinter(seed, number);
            var (before, after) = (printer.At(from).Pages, printer.At(to).Pages);
            yield return new(printer.Serial, printer.Personality.Model, split?.Of(number),
                PageCounts.Named.ToDictionary(counter => counter.Key, counter => new CountedPages(counter.Value(before), counter.Value(after))));
        }
    }

    internal static Command Build(TextWriter output)
    {
        var printers = new Option<int>("--printers") { Description = "How many", DefaultValueFactory = _ => 24 };
        var seed = new Option<long>("--seed") { Description = "As given to run", DefaultValueFactory = _ => 1 };
        var from = new Option<DateTimeOffset>("--from") { Description = "Time, UTC unless it names an offset", Required = true, CustomParser = Moment.Parse };
        var to = new Option<DateTimeOffset>("--to") { Description = "Time, UTC unless it names an offset", Required = true, CustomParser = Moment.Parse };
        var split = new Option<string?>("--tenant-split") { Description = "As given to run, to name the owners too" };
        var json = new Option<bool>("--json") { Description = "A JSON list instead of a table" };
        var command = new Command("pages", "The printers' own page counts at two times, and the difference") { printers, seed, from, to, split, json };
        command.SetAction(parsed =>
        {
            var owners = parsed.GetValue(split) is { } text ? TenantSplit.Parse(text) : null;
            var pages = Of(parsed.GetValue(seed), parsed.GetValue(printers), parsed.GetValue(from), parsed.GetValue(to), owners);
            if (parsed.GetValue(json)) output.WriteLine(JsonSerializer.Serialize(pages, JsonSerializerOptions.Web));
            else foreach (var line in Table(pages)) output.WriteLine(line);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static IEnumerable<string> Table(IEnumerable<PrinterPages> pages)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{"serial",-16} {"model",-24} {"counter",-12} {"from",12} {"to",12} {"pages",9}");
        foreach (var printer in pages)
            foreach (var (name, count) in printer.Counters.Where(counter => counter.Value.To > 0))
                yield return string.Create(CultureInfo.InvariantCulture, $"{printer.Serial,-16} {printer.Model,-24} {name,-12} {count.From,12} {count.To,12} {count.Pages,9}");
    }
}
