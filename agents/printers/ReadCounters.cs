using System.Globalization;
using Fleet.Snmp;

namespace Fleet.Printers;

// prtMarkerTable -> life; profile's terms -> total, mono, print.color … -> Counter
internal static class ReadCounters
{
    /// <summary>Each with the rule it comes from; null for the standard's own.</summary>
    public static IReadOnlyList<(Counter Counter, CounterRule? Rule)> From(Answers answers, Profile profile) => [.. Life(answers).Select(counter => (counter, (CounterRule?)null)), .. Vendor(answers, profile)];

    /// <summary>prtMarkerLifeCount: <c>life</c> for the first marker, <c>life.{marker}</c> for further ones, each in its own unit.</summary>
    private static IEnumerable<Counter> Life(Answers answers)
    {
        var isFirst = true;
        foreach (var (row, value) in answers.Table.Column(PrinterMib.MarkerLifeCount))
        {
            if (!value.TryGetInt64(out var count) || count < 0) continue;
            var name = isFirst ? "life" : string.Create(CultureInfo.InvariantCulture, $"life.{row[-1]}");
            isFirst = false;
            yield return new(name, count, RfcNames.Unit(answers.Number(PrinterMib.MarkerCounterUnit, row)), PrinterMib.MarkerLifeCount.Append(row).ToString());
        }
    }

    private static IEnumerable<(Counter, CounterRule?)> Vendor(Answers answers, Profile profile)
    {
        var told = new HashSet<string>();   // several rules of one name: older and newer objects, the first that answers counts
        foreach (var rule in profile.Counters)
            if (!told.Contains(rule.Name) && Quantity.Of(rule.From, answers) is Quantity.Known known && told.Add(rule.Name))
                yield return (new(rule.Name, known.Value, rule.Unit, known.Oid), rule);
    }
}
