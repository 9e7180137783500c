namespace Fleet.Simulator.Pages;

/// <summary>Counters added and subtracted, as personalities write them: <c>print.mono+copy.mono</c>, <c>total-a3</c>.</summary>
public static class CounterSum
{
    /// <exception cref="FormatException">A name that is no counter.</exception>
    public static Func<PageCounts, long> Parse(string text)
    {
        var terms = text.Replace("-", "+-", StringComparison.Ordinal).Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(term => (Sign: term.StartsWith('-') ? -1 : 1, Count: Named(term.TrimStart('-')))).ToArray();
        return pages => terms.Sum(term => term.Sign * term.Count(pages));
    }

    private static Func<PageCounts, long> Named(string name) =>
        PageCounts.Named.GetValueOrDefault(name) ?? throw new FormatException($"'{name}' is no counter; there are {string.Join(", ", PageCounts.Named.Keys)}");
}
