using System.Globalization;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Discovering;

/// <summary>A sweep in lines for the log.</summary>
internal static class DiscoveryWords
{
    public static IEnumerable<string> Of(DiscoveryHealth sweep, SweepChanges changes)
    {
        var others = sweep.LeftOut.Count == 0 ? "" : "; left out: " + string.Join(", ", sweep.LeftOut.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count} {kind.Kind}")));
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{sweep.Asked} addresses asked, {sweep.Answered} answered, {sweep.Printers} printers ({sweep.New} new, {sweep.Moved} moved, {sweep.Vanished} vanished){others}");
        foreach (var printer in changes.New) yield return $"new: {printer.Label} at {printer.Address}";
        foreach (var (from, to) in changes.Moved) yield return $"moved: {to.Label} from {from.Address} to {to.Address}";
        foreach (var printer in changes.Vanished) yield return $"vanished: {printer.Label}, last at {printer.Address}";
        foreach (var printer in changes.Returned) yield return $"back: {printer.Label} at {printer.Address}";
        foreach (var printer in changes.Doubles) yield return $"{printer.Label} answers at {printer.Address} too; asked at one address only";
    }
}
