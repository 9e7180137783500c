using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>A counter another version of the profile names, whose raw values were not kept alone.</summary>
public sealed record Unnamed(string Name, string Reason);

/// <summary>What a profile says of a reading's raw values.</summary>
/// <param name="Profile">Name and version: <c>kyocera/4</c>.</param>
/// <param name="Undecided">Counters it names that cannot be told from what was kept.</param>
public sealed record NamedValues(string Profile, IReadOnlyList<Counter> Counters, IReadOnlyList<Unnamed> Undecided);

// raw values with their OIDs + a profile's rules -> Decide -> the counters it names; nothing is changed by it
/// <summary>
/// What would this version of the profile have said? A reading keeps each counter's value with the OIDs it was made of (<c>a</c>, <c>a+b</c>, <c>a-b</c>), so a rule is answered when its very
/// expression was kept or all of its parts were. What was not kept is not guessed.
/// </summary>
public static class NameAnew
{
    public static NamedValues Decide(IReadOnlyList<Counter> read, NamingRules rules)
    {
        var kept = read.GroupBy(c => c.Oid).ToDictionary(same => same.Key, same => same.First().Value);
        // The standard's own counters are no profile's to name.
        var counters = read.Where(c => c.Name == "life" || c.Name.StartsWith("life.", StringComparison.Ordinal)).Select(c => c with { Epoch = null }).ToList();
        var undecided = new List<Unnamed>();
        foreach (var named in rules.Counters.GroupBy(rule => rule.Name))
        {
            // Several rules of one name: the first that answers.
            var answers = named.Select(rule => (Rule: rule, Value: Of(rule.From, kept, read, rule.Name))).Where(a => a.Value is not null).ToList();
            if (answers is [var first, ..])
                counters.Add(new(named.Key, first.Value!.Value.Value, first.Rule.Unit, first.Value.Value.Oid));
            else
                undecided.Add(new(named.Key, $"not kept: {string.Join("; ", named.Select(rule => Text(rule.From)))}"));
        }
        return new($"{rules.Name}/{rules.Version}", counters, undecided);
    }

    private static (long Value, string Oid)? Of(NamingTerm term, Dictionary<string, long> kept, IReadOnlyList<Counter> read, string name)
    {
        if (kept.TryGetValue(Text(term), out var whole))
            return (whole, Text(term));
        return term switch
        {
            { Sum: { } parts } when parts.Select(part => Of(part, kept, read, name)).ToList() is var sum && sum.TrueForAll(part => part is not null) =>
                (sum.Sum(part => part!.Value.Value), string.Join('+', sum.Select(part => part!.Value.Oid).Distinct())),
            { Difference: [var all, var less] } when Of(all, kept, read, name) is { } a && Of(less, kept, read, name) is { } b && a.Value >= b.Value => (a.Value - b.Value, $"{a.Oid}-{b.Oid}"),
            // Which row or record it was is not kept, but its own name from the same place is.
            { Row: { } row } => Own($"{row.Value}."),
            { Block: { } block } => Own(block.Oid),
            _ => null,
        };

        (long, string)? Own(string place) =>
            read.FirstOrDefault(c => c.Name == name && c.Oid.StartsWith(place, StringComparison.Ordinal)) is { } own ? (own.Value, own.Oid) : null;
    }

    // As the agent writes it: Quantity in agents/printers.
    private static string Text(NamingTerm term) => term switch
    {
        { Oid: { } oid } => oid,
        { Row: { } row } => $"a row of {row.Value}",
        { Block: { } block } => $"a record of {block.Oid}",
        { Sum: { } parts } => string.Join('+', parts.Select(Text).Distinct()),
        { Difference: [var whole, var part] } => $"{Text(whole)}-{Text(part)}",
        _ => "",
    };
}
