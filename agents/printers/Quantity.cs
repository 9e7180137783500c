using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>
/// What a <see cref="Term"/> came to. <see cref="Absent"/> is the device's own word that it has no such object; <see cref="Unknown"/>
/// is silence or nonsense, and nothing may be concluded from it.
/// </summary>
internal abstract record Quantity
{
    public sealed record Known(long Value, string Oid) : Quantity;
    public sealed record Absent : Quantity;
    public sealed record Unknown : Quantity;

    public static Quantity Of(Term term, Answers answers) => term switch
    {
        { Oid: { } oid } => Read(answers[oid], oid),
        { Row: { } row } => OfRow(row, answers),
        { Block: { } block } => OfBlock(block, answers),
        { Sum: { } parts } => OfSum(parts.Select(part => Of(part, answers)).ToList()),
        { Difference: [var whole, var part] } => OfDifference(Of(whole, answers), Of(part, answers)),
        _ => new Unknown()
    };

    private static Quantity Read(SnmpValue value, Oid oid) => value.Type switch
    {
        SnmpType.NoSuchObject or SnmpType.NoSuchInstance => new Absent(),
        _ when value.TryGetInt64(out var number) && number >= 0 => new Known(number, oid.ToString()),
        _ => new Unknown()     // not answered, negative (the -1, -2, -3 of RFC 3805), or not a number at all
    };

    private static Quantity OfRow(RowTerm row, Answers answers) => answers.Rows(row).ToList() switch
    {
        [var only] when answers.Table.Column(row.Value).TryGetValue(only, out var value) => Read(value, row.Value.Append(only)),
        [] when answers.Table.Outcome is SnmpOutcome.Answered => new Absent(),
        _ => new Unknown()     // the table broke off, or two rows carry the name
    };

    private static Quantity OfBlock(BlockTerm block, Answers answers)
    {
        var value = answers[block.Oid];
        if (value.Type is SnmpType.NoSuchObject or SnmpType.NoSuchInstance) return new Absent();
        if (value.Type is not SnmpType.OctetString) return new Unknown();
        return ByteBlock.Find(value.Octets, Convert.FromHexString(block.Id)[0], block.Bytes) is { } number ? new Known(number, block.Oid.ToString()) : new Absent();
    }

    private static Quantity OfSum(List<Quantity> parts)
    {
        if (parts.Exists(part => part is Unknown)) return new Unknown();
        var known = parts.OfType<Known>().ToList();
        var sum = known.Sum(part => (decimal)part.Value);       // a device may claim anything; long would overflow
        return known.Count == 0 ? new Absent()
            : sum > long.MaxValue ? new Unknown()
            : new Known((long)sum, string.Join('+', known.Select(part => part.Oid).Distinct()));
    }

    private static Quantity OfDifference(Quantity whole, Quantity part) => (whole, part) switch
    {
        (Known all, Known some) when all.Value >= some.Value => new Known(all.Value - some.Value, $"{all.Oid}-{some.Oid}"),
        (Absent, _) or (_, Absent) => new Absent(),
        _ => new Unknown()
    };
}
