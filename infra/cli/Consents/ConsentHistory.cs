using System.Text.Json;

namespace Fleet.Cli.Consents;

/// <summary>
/// When each name of one tenant stood, folded from the consent stream as it is stored. Written apart from the service on purpose: the auditor and the audited share no code
/// (a test holds the two against each other).
/// </summary>
public sealed class ConsentHistory
{
    private readonly record struct Interval(DateTimeOffset From, DateTimeOffset Until)
    {
        public bool Holds(DateTimeOffset at) => From <= at && at < Until;
    }

    private static readonly string[] Kinds = ["purposes", "features", "fieldGroups"];

    private readonly Dictionary<(string Kind, string Name), List<Interval>> _stood = [];

    /// <summary>The next event of the stream.</summary>
    /// <param name="type">As stored.</param>
    /// <exception cref="FormatException">An event this auditor does not know: it cannot say what stood.</exception>
    public void Apply(string type, JsonElement data)
    {
        switch (type)
        {
            case "consent_granted":
                Each(data, (spans, given) => Open(spans, given), "givenAt");
                break;
            case "consent_withdrawn":
                Each(data, (spans, at) => Close(spans, at), "at");
                break;
            default:
                throw new FormatException($"an event '{type}' in a consent stream");
        }
    }

    public bool StoodPurpose(string name, DateTimeOffset at) => Spans("purposes", name).Any(span => span.Holds(at));

    /// <returns>Null when it stood then; else why not.</returns>
    public string? WhyNotFieldGroup(string name, DateTimeOffset at) => Why(Spans("fieldGroups", name), at);

    /// <returns>Null when one of them stood then; else why none did.</returns>
    public string? WhyNoPurpose(IReadOnlyList<string> names, DateTimeOffset at) =>
        names.Any(name => StoodPurpose(name, at)) ? null : Why([.. names.SelectMany(name => Spans("purposes", name))], at);

    private static string? Why(List<Interval> spans, DateTimeOffset at) =>
        spans.Any(span => span.Holds(at)) ? null
        : spans.Count == 0 ? "never-granted"
        : spans.Any(span => span.Until <= at) ? "after-withdrawal" : "before-consent";

    private List<Interval> Spans(string kind, string name) => _stood.GetValueOrDefault((kind, name), []);

    private void Each(JsonElement data, Action<List<Interval>, DateTimeOffset> change, string time)
    {
        var at = data.GetProperty(time).GetDateTimeOffset();
        foreach (var kind in Kinds)
            foreach (var name in data.GetProperty(kind).EnumerateArray())
            {
                if (!_stood.TryGetValue((kind, name.GetString()!), out var spans))
                    _stood[(kind, name.GetString()!)] = spans = [];
                change(spans, at);
            }
    }

    // What stands already may turn out to have been given earlier.
    private static void Open(List<Interval> spans, DateTimeOffset given)
    {
        if (spans is [.., { Until: var until } last] && until == DateTimeOffset.MaxValue)
            spans[^1] = last with { From = given < last.From ? given : last.From };
        else
            spans.Add(new(given, DateTimeOffset.MaxValue));
    }

    private static void Close(List<Interval> spans, DateTimeOffset at)
    {
        if (spans is [.., { Until: var until } last] && until == DateTimeOffset.MaxValue)
            spans[^1] = last with { Until = at < last.From ? last.From : at };
    }
}
