namespace Fleet.Printers;

/// <summary>A term as one reads it aloud.</summary>
internal static class TermText
{
    public static string Of(Term term) => term switch
    {
        { Oid: { } oid } => oid.ToString(),
        { Row: { } row } => $"{row.Value} of the row whose {row.Key} says {string.Join(" or ", row.Is.Select(name => $"'{name}'"))}",
        { Block: { } block } => $"record {block.Id} of the block at {block.Oid}",
        { Sum: { } parts } => $"sum of ({string.Join("; ", parts.Select(Of))})",
        { Difference: [var whole, var part] } => $"{Of(whole)} less {Of(part)}",
        _ => "nothing"
    };
}
