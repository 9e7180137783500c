using System.Text.Json.Nodes;

namespace Fleet.Consent.Tests.Receipts;

/// <summary>Every term of a receipt, against <see cref="KnownTerms"/>: that it is there, that it is a property or a class, and that what is said with it fits.</summary>
internal static class CheckTerms
{
    public static IReadOnlyList<string> Faults(JsonNode receipt)
    {
        var expanded = Expanded.Of(receipt);
        return
        [
            .. expanded.Dropped.Select(member => $"{member} has no term"),
            .. expanded.Types.Where(type => KnownTerms.Find(type) is not { IsProperty: false }).Select(type => $"{type} is no known class"),
            .. expanded.All.Select(said => Fault(said, expanded)).OfType<string>().Distinct(),
        ];
    }

    private static string? Fault(Said said, Expanded expanded)
    {
        if (KnownTerms.Find(said.Property) is not { IsProperty: true } property)
            return $"{said.Property} is no known property";
        if (said.Text is { } text)
            return property.Fits is [] or ["text"] && !KnownTerms.Prefixes.Keys.Any(prefix => text.StartsWith($"{prefix}:", StringComparison.Ordinal)) ? null : $"{said.Property} of the text '{text}'";
        if (IsOfVocabulary(said.Thing!) && KnownTerms.Find(said.Thing!) is not { IsProperty: false })
            return $"{said.Thing} is not known";
        var types = said.Types.Concat(expanded.TypesOf(said.Thing!)).Append(said.Thing!);
        return property.Fits is [] || property.Fits.Any(wanted => types.Any(type => KnownTerms.Is(type, wanted))) ? null : $"{said.Property} of {said.Thing}, which is no {string.Join(" or ", property.Fits)}";
    }

    private static bool IsOfVocabulary(string thing) => KnownTerms.Prefixes.Keys.Any(prefix => thing.StartsWith($"{prefix}:", StringComparison.Ordinal));
}
