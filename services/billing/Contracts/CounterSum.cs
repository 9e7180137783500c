namespace Fleet.Billing.Contracts;

/// <summary>
/// Device counters that together count one kind of page. The first must be there for the sum to apply to a device; the others are
/// read where they exist. A counter is left out beside its own part (<c>fax</c> where there is <c>fax.mono</c>), so no page counts twice.
/// </summary>
public sealed record CounterSum(IReadOnlyList<string> Counters)
{
    /// <summary>
    /// Many vendors count black and colour per function only. These sums name what belongs together; fax is black by its standard
    /// (ITU-T T.4). <c>total</c> and <c>life</c> are nobody's mono: they stand here for nothing and must be signed in the contract.
    /// </summary>
    public static IReadOnlyList<string> Usual(string counter) => counter switch
    {
        "mono" => ["mono", "print.mono+copy.mono+fax.mono+fax"],
        "color" => ["color", "print.color+copy.color"],
        _ => [counter],
    };

    public static CounterSum? Parse(string? text)
    {
        var counters = text?.Split('+', StringSplitOptions.TrimEntries) ?? [];
        return counters.Length > 0 && counters.All(IsCounter) && counters.Distinct().Count() == counters.Length ? new(counters) : null;
    }

    /// <summary>Which of its counters a device that has <paramref name="counters"/> is read from; none when the sum is not for it.</summary>
    public IReadOnlyList<string> Among(IReadOnlySet<string> counters)
    {
        if (!counters.Contains(Counters[0]) || (CountsEveryPage && counters.Any(IsColor)))
            return [];
        var present = Counters.Where(counters.Contains).ToList();
        return [.. present.Where(counter => !present.Any(part => part.StartsWith(counter + ".", StringComparison.Ordinal)))];
    }

    // Beside a colour counter, a count of every page would bill the colour pages twice.
    private bool CountsEveryPage => Counters is ["total"] or ["life"];

    private static bool IsColor(string counter) => counter == "color" || counter.EndsWith(".color", StringComparison.Ordinal);

    private static bool IsCounter(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
