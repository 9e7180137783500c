using System.Globalization;
using Fleet.Printers;

namespace Fleet.Agent.Commands;

/// <summary>One value of a reading, with or without where it comes from.</summary>
internal static class EvidenceWords
{
    public static string Short(Evidence one) => string.Create(CultureInfo.InvariantCulture, $"{one.What,-22} {one.Value}");

    public static IEnumerable<string> Explained(Evidence one)
    {
        yield return Short(one);
        yield return string.Create(CultureInfo.InvariantCulture, $"    {(one.Oid.Length == 0 ? "" : $"at {one.Oid}; ")}{one.Formula}; profile {one.Profile.Name} {one.Profile.Version}");
        if (one.Source is { } source) yield return $"    {source}";
    }
}
