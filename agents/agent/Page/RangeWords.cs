using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;

namespace Fleet.Agent.Page;

/// <summary>What a list of ranges comes to, in words.</summary>
internal static class RangeWords
{
    private const int Named = 6;

    public static IEnumerable<string> Of(Ranges ranges)
    {
        var numbered = ranges.Count - ranges.Names.Count;
        yield return $"{Count(numbered, "address", "addresses")}{(ranges.Spans.Count == 0 ? "" : $": {List(ranges.Spans.Select(Words))}")}";
        if (ranges.Names.Count > 0) yield return $"{Count(ranges.Names.Count, "name", "names")} looked up at each search: {List(ranges.Names)}";
        if (ranges.Excluded.Count + ranges.ExcludedNames.Count > 0) yield return $"never asked: {List([.. AddressSpan.Tidy(ranges.Excluded, []).Select(Words), .. ranges.ExcludedNames])}";
    }

    /// <summary>How it is opened, by name; a community is not shown.</summary>
    public static string Opens(RangeConfig range) => range.Credential is { } name ? $"credential {name}" : HasOwnCommunity(range) ? "a community of its own (SNMP v2c)" : "the usual community (SNMP v2c)";

    public static bool HasOwnCommunity(RangeConfig range) => range.Credential is null && range.Community != new RangeConfig("").Community;

    private static string Words(AddressSpan span) => span.Count == 1
        ? AddressSpan.Address(span.First, span.IsV6).ToString()
        : $"{AddressSpan.Address(span.First, span.IsV6)} – {AddressSpan.Address(span.Last, span.IsV6)}";

    private static string List(IEnumerable<string> all)
    {
        var words = all.ToList();
        return string.Join(", ", words.Take(Named)) + (words.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {words.Count - Named} more") : "");
    }

    private static string Count(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? one : many)}");
}
