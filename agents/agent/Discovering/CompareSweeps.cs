namespace Fleet.Agent.Discovering;

// printers known before + printers a sweep found -> printers known now + what changed. Pure.

/// <summary>What a rescan found out. Said in the log and, as counts, in the agent's health; no event claims it.</summary>
/// <param name="Doubles">The same device at a second address, which is not asked again.</param>
public sealed record SweepChanges(
    IReadOnlyList<KnownPrinter> New,
    IReadOnlyList<(KnownPrinter From, KnownPrinter To)> Moved,
    IReadOnlyList<KnownPrinter> Vanished,
    IReadOnlyList<KnownPrinter> Returned,
    IReadOnlyList<KnownPrinter> Doubles);

public static class CompareSweeps
{
    /// <summary>How long a printer that no sweep finds is still asked: a school's holidays.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(60);

    /// <param name="found">With a null key where a printer stood that did not say who it is: what was known at that address holds.</param>
    public static (IReadOnlyList<KnownPrinter> Known, SweepChanges Changes) Decide(
        IReadOnlyList<KnownPrinter> before, IReadOnlyList<(string Target, KnownPrinter? Printer)> found, DateTimeOffset at)
    {
        var known = before.ToDictionary(printer => printer.Key);
        var unnamed = found.Where(one => one.Printer is null).Select(one => one.Target).ToHashSet();
        // A device with two interfaces answers twice: it stays where it was, else it is where it was found first.
        var places = found.Select(one => one.Printer).OfType<KnownPrinter>().ToLookup(printer => printer.Key);
        var now = places.Select(place => place.FirstOrDefault(printer => known.GetValueOrDefault(printer.Key)?.Target == printer.Target) ?? place.First()).ToDictionary(printer => printer.Key);

        var gone = before.Where(printer => !now.ContainsKey(printer.Key) && !unnamed.Contains(printer.Target)).ToList();
        var missing = gone.Select(printer => printer with { MissingSince = printer.MissingSince ?? at }).Where(printer => at - printer.MissingSince < ForgetAfter)
            .Where(printer => now.Values.All(other => other.Target != printer.Target));    // another device has its address
        var unsaid = before.Where(printer => !now.ContainsKey(printer.Key) && unnamed.Contains(printer.Target)).Select(printer => printer with { MissingSince = null });
        return ([.. now.Values, .. unsaid, .. missing], new(
            [.. now.Values.Where(printer => !known.ContainsKey(printer.Key))],
            [.. now.Values.Where(printer => known.TryGetValue(printer.Key, out var old) && old.Target != printer.Target).Select(printer => (known[printer.Key], printer))],
            [.. gone.Where(printer => printer.MissingSince is null)],
            [.. now.Values.Where(printer => known.GetValueOrDefault(printer.Key) is { MissingSince: not null } old && old.Target == printer.Target)],
            [.. places.SelectMany(place => place.Where(printer => printer.Target != now[printer.Key].Target))]));
    }
}
