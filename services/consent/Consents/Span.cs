using System.Text.Json.Serialization;
using Fleet.Defaults;

namespace Fleet.Consent.Consents;

/// <summary>A time in which a name stands.</summary>
/// <param name="From">Inclusive: when the consent was given.</param>
/// <param name="Until">Exclusive: when its withdrawal was recorded; null while it stands.</param>
/// <param name="TextVersion">Of the text it was last agreed to under.</param>
/// <param name="Provider">To whom it was last given; null when that was not written down.</param>
[Schema("ConsentSpan")]
public sealed record Span(
    string Name, DateTimeOffset From, DateTimeOffset? Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TextVersion = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Provider = null)
{
    public bool Stands => Until is null;

    /// <summary>Given to somebody else, as far as both are known.</summary>
    public bool IsForAnother(string? provider) => Provider is not null && provider is not null && Provider != provider;

    /// <summary>One that would end before it began is kept, empty: the withdrawal happened.</summary>
    public Span EndedAt(DateTimeOffset at) => this with { Until = at < From ? From : at };
}

/// <summary>The spans of one kind of name, sorted by name and time. Of each name at most the last one stands, and none overlap.</summary>
public static class Spans
{
    public static Span? Standing(this IReadOnlyList<Span> spans, string name) => spans.LastOrDefault(span => span.Name == name && span.Stands);

    /// <summary>When the name was last withdrawn; null if never.</summary>
    public static DateTimeOffset? LastEnd(this IReadOnlyList<Span> spans, string name) => spans.LastOrDefault(span => span.Name == name && !span.Stands)?.Until;

    /// <summary>The names stand from then on, under this text, for this provider. What stands already may turn out to have been given earlier.</summary>
    public static IReadOnlyList<Span> Open(this IReadOnlyList<Span> spans, IReadOnlyList<string> names, DateTimeOffset from, string text, string? provider) => Sorted(
    [
        .. spans.Where(span => !(span.Stands && names.Contains(span.Name))),
        .. names.SelectMany(name => spans.Standing(name) switch
        {
            { } standing when standing.IsForAnother(provider) => (Span[])[standing.EndedAt(from), new(name, from, null, text, provider)],
            { } standing when standing.From < from => [standing with { TextVersion = text, Provider = provider ?? standing.Provider }],
            _ => [new(name, from, null, text, provider)],
        }),
    ]);

    /// <summary>The names stand no longer.</summary>
    public static IReadOnlyList<Span> Close(this IReadOnlyList<Span> spans, IReadOnlyList<string> names, DateTimeOffset at) =>
        [.. spans.Select(span => span.Stands && names.Contains(span.Name) ? span.EndedAt(at) : span)];

    private static IReadOnlyList<Span> Sorted(IEnumerable<Span> spans) =>
        [.. spans.OrderBy(span => span.Name, StringComparer.Ordinal).ThenBy(span => span.From).ThenBy(span => span.Until ?? DateTimeOffset.MaxValue)];
}
