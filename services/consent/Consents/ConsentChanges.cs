using System.Diagnostics;
using System.Globalization;
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Consent.Consents;

/// <summary>One change, as recorded.</summary>
/// <param name="Version">Its place in the history, from 1.</param>
/// <param name="Change"><c>granted</c> or <c>withdrawn</c>.</param>
/// <param name="By">Subject of the token it was done with.</param>
/// <param name="How"><c>portal</c>, <c>api</c>, <c>paper</c>, <c>agent-page</c> or <c>moved</c>.</param>
/// <param name="Receipt">Id of the signed receipt at <c>…/consents/receipts/{id}</c>.</param>
public sealed record ConsentChange(
    long Version, string Change, IReadOnlyList<string> Purposes, IReadOnlyList<string> Features, IReadOnlyList<string> FieldGroups,
    string By, DateTimeOffset At, DateTimeOffset? GivenAt, string? TextVersion, string? TextHash, string? Evidence, string? Reason, string? TextLanguage, string How, Guid Receipt);

public static class ConsentChanges
{
    public static readonly View<ConsentChange> View =
        new("consent_changes", 2, e => e.Data is ConsentEvent ? [Key(e.Version)] : [], (_, e, _) => Row(e)) { Lifecycle = ViewLifecycle.Inline, AppendOnly = true, Indexes = ["version", "receipt"] };

    /// <summary>Null when the cursor is none of ours.</summary>
    public static async Task<Page<ConsentChange>?> PageAsync(ModuleContext module, string tenant, string? cursor, int? limit, CancellationToken cancel)
    {
        var before = long.MaxValue;
        if (!Cursor.TryRead(cursor, out var last) || (last is not null && !long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out before)))
            return null;
        var most = Cursor.Limit(limit);
        await using var session = module.Store.QuerySession(tenant);
        var rows = await session.QueryAsync<ConsentChange>(
            "where version < @before order by version desc limit @most", new { before, most = most + 1 }, cancel);
        return Page<ConsentChange>.Of(rows, most, row => Key(row.Version));
    }

    private static string Key(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static ConsentChange Row(IEvent e) => e.Data switch
    {
        ConsentEvent.Granted g => new(
            e.Version, "granted", g.Purposes, g.Features, g.FieldGroups, g.By, g.At, g.GivenAt, g.TextVersion, g.TextHash, g.Evidence, Reason: null, g.TextLanguage ?? "en", How.Of(g), e.Id),
        ConsentEvent.Withdrawn w => new(
            e.Version, "withdrawn", w.Purposes, w.Features, w.FieldGroups, w.By, w.At, GivenAt: null, TextVersion: null, TextHash: null, Evidence: null, w.Reason, TextLanguage: null, How.Of(w), e.Id),
        _ => throw new UnreachableException($"No row for {e.EventTypeName}"),
    };
}
