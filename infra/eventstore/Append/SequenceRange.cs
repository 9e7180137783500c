namespace Fleet.EventStore;

/// <summary>Sequence numbers from and to, both inclusive.</summary>
internal readonly record struct SequenceRange(long From, long To)
{
    /// <summary>The numbers after <paramref name="after"/>, up to <paramref name="upTo"/>, that are not in the ascending list.</summary>
    public static List<SequenceRange> Missing(long after, long upTo, IEnumerable<long> ascending)
    {
        var missing = new List<SequenceRange>();
        foreach (var number in ascending)
        {
            if (number <= after) continue;
            if (number > after + 1) missing.Add(new SequenceRange(after + 1, number - 1));
            after = number;
        }
        if (after < upTo) missing.Add(new SequenceRange(after + 1, upTo));
        return missing;
    }

    /// <summary>What is left of these ranges without some numbers.</summary>
    public static List<SequenceRange> Without(IEnumerable<SequenceRange> ranges, IReadOnlyCollection<long> ascending) =>
        [.. ranges.SelectMany(range => Missing(range.From - 1, range.To, ascending.Where(n => n >= range.From && n <= range.To)))];
}
