using Fleet.Consent.Consents;
using Fleet.EventStore;

namespace Fleet.Consent.Receipts.Schema2;

/// <summary>What was agreed to, and how.</summary>
internal sealed record Agreed(ConsentEvent.Granted Granted, string How);

/// <summary>What a change has to do with those before it; the change is the last of the history.</summary>
internal static class History
{
    public static string RecordOf(IEvent e) => $"urn:uuid:{e.Id}";

    /// <summary>A grant's own; a withdrawal names no text: it ends what was agreed to under the newest one its names were granted with.</summary>
    public static Agreed? NoticeOf(IReadOnlyList<IEvent> history)
    {
        var names = Words(history[^1].Data);
        return history.LastOrDefault(e => e.Data is ConsentEvent.Granted && Words(e.Data).Intersect(names).Any()) is { Data: ConsentEvent.Granted granted }
            ? new(granted, How.Of(granted))
            : null;
    }

    /// <summary>The grants that stood of the names a withdrawal takes back: one that an earlier withdrawal ended is not ended again.</summary>
    public static IEnumerable<IEvent> EndedBy(IReadOnlyList<IEvent> history)
    {
        var names = Words(history[^1].Data).ToHashSet();
        bool StoodUntilNow(int granted, (string, string) name) =>
            !history.Skip(granted + 1).Take(history.Count - granted - 2).Any(later => later.Data is ConsentEvent.Withdrawn && Words(later.Data).Contains(name));
        return history.Where((e, place) => e.Data is ConsentEvent.Granted && Words(e.Data).Any(name => names.Contains(name) && StoodUntilNow(place, name)));
    }

    private static IEnumerable<(string Kind, string Name)> Words(object e) => e switch
    {
        ConsentEvent.Granted granted => Words(granted.Purposes, granted.Features, granted.FieldGroups),
        ConsentEvent.Withdrawn withdrawn => Words(withdrawn.Purposes, withdrawn.Features, withdrawn.FieldGroups),
        _ => [],
    };

    private static IEnumerable<(string Kind, string Name)> Words(IReadOnlyList<string> purposes, IReadOnlyList<string> features, IReadOnlyList<string> fieldGroups) =>
        [.. purposes.Select(name => ("purpose", name)), .. features.Select(name => ("feature", name)), .. fieldGroups.Select(name => ("field-group", name))];
}
