using System.Text.Json.Serialization;
using Fleet.Defaults;

namespace Fleet.Consent.Consents;

/// <summary>A time in which a name stands.</summary>
/// <param name="From">Inclusive: when the consent was given.</param>
/// <param name="Until">Exclusive: when its withdrawal was recorded; null while it stands.</param>
/// <param name="TextVersion">Of the text it was last agreed to under.</param>
[Schema("ConsentSpan")]
public sealed record Span(
    string Name, DateTimeOffset From, DateTimeOffset? Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TextVersion = null)
{
    public bool Stands => Until is null;
}

/// <summary>The spans of one kind of name, sorted by name and time. Of each name at most the last one stands, and none overlap.</summary>
public static class Spans
{
    public static Span? Standing(this IReadOnlyList<Span> spans, string name) => spans.LastOrDefault(span => span.Name == name && span.Stands);

    /// <summary>When the name was last withdrawn; null if never.</summary>
    public static DateTimeOffset? LastEnd(this IReadOnlyList<Span> spans, string name) => spans.LastOrDefault(span => span.Name == name && !span.Stands)?.Until;

    /// <summary>The names stand from then on, under this text. What stands already may turn out to have been given earlier.</summary>
    public static IReadOnlyList<Span> Open(this IReadOnlyList<Span> spans, IReadOnlyList<string> names, DateTimeOffset from, string text) => Sorted(
    [
        .. spans.Where(span => !(span.Stands && names.Contains(span.Name))),
        .. names.Select(name => spans.Standing(name) is { } standing && standing.From < from ? standing with { TextVersion = text } : new Span(name, from, null, text)),
    ]);

    /// <summary>The names stand no longer. A span that would end before it began is kept, empty: the withdrawal happened.</summary>
    public static IReadOnlyList<Span> Close(this IReadOnlyList<Span> spans, IReadOnlyList<string> names, DateTimeOffset at) =>
        [.. spans.Select(span => span.Stands && names.Contains(span.Name) ? span with { Until = at < span.From ? span.From : at } : span)];

    private static IReadOnlyList<Span> Sorted(IEnumerable<Span> spans) =>
        [.. spans.OrderBy(span => span.Name, StringComparer.Ordinal).ThenBy(span => span.From).ThenBy(span => span.Until ?? DateTimeOffset.MaxValue)];
}
