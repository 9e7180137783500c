// consent_granted, consent_withdrawn -> row consents, rows consent_changes -> GET /api/v1/tenants/{t}/consents
using System.ComponentModel;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.Consents;

public sealed record ConsentRow(long Version, IReadOnlyList<Span> Purposes, IReadOnlyList<Span> Features, IReadOnlyList<Span> FieldGroups, DateTimeOffset ChangedAt);

/// <summary>What stands now and stood before.</summary>
/// <param name="Version">Counts the changes; 0: nothing was ever granted.</param>
/// <param name="AsksAnew">Null while everything that stands was agreed to under today's text.</param>
public sealed record StandingConsents(
    string TenantId, long Version, IReadOnlyList<Span> Purposes, IReadOnlyList<Span> Features, IReadOnlyList<Span> FieldGroups, AskedAnew? AsksAnew = null);

/// <summary>The text has a new version since. What was agreed to under an older one stands until it is withdrawn; a name that is new in the text stands only when it is granted by itself.</summary>
/// <param name="TextVersion">Today's.</param>
/// <param name="Names">That stand under an older one.</param>
public sealed record AskedAnew(string TextVersion, IReadOnlyList<string> Names)
{
    public static AskedAnew? Of(string current, params IReadOnlyList<Span>[] kinds) =>
        kinds.SelectMany(spans => spans).Where(span => span.Stands && ConsentText.AsksAnew(span.TextVersion, current)).Select(span => span.Name).ToList() is { Count: > 0 } names ? new(current, names) : null;
}

public static class Consents
{
    private const string TheOne = "consent";

    // Inline: who withdraws sees it withdrawn in the next call.
    public static readonly View<ConsentRow> View = new("consents", 3, e => e.Data is ConsentEvent ? [TheOne] : [], Evolve) { Lifecycle = ViewLifecycle.Inline };

    public static async Task<StandingConsents> StandingAsync(ModuleContext module, string tenant, CancellationToken cancel)
    {
        await using var session = module.Store.QuerySession(tenant);
        var row = await session.LoadAsync<ConsentRow>(tenant, TheOne, cancel);
        return row is null ? new(tenant, 0, [], [], []) : new(tenant, row.Version, row.Purposes, row.Features, row.FieldGroups,
            AskedAnew.Of(ConsentText.Current[0].Version, row.Purposes, row.Features, row.FieldGroups));
    }

    private static ConsentRow Evolve(ConsentRow? row, IEvent e, string key)
    {
        var before = row is null ? TenantConsent.None : new(row.Purposes, row.Features, row.FieldGroups);
        var after = TenantConsent.Evolve(before, (ConsentEvent)e.Data);
        return new(e.Version, after.Purposes, after.Features, after.FieldGroups, e.Timestamp);
    }
}

/// <summary>Everything about a tenant's consents on one page.</summary>
/// <param name="History">Newest first.</param>
/// <param name="Text">What is agreed to by granting now, in the reader's language.</param>
/// <param name="Languages">In which it is there, BCP 47.</param>
public sealed record TenantConsents(StandingConsents Standing, Page<ConsentChange> History, ConsentText Text, IReadOnlyList<string> Languages);

public static class ConsentsRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{t}/consents", async (
            string t, string? cursor, int? limit, [Description("Of the text: `en`, `de`, `fr` or `sv`; left out, `Accept-Language` tells. One there is no text in gives the English one.")] string? language,
            HttpContext http, CancellationToken cancel) =>
        {
            http.Response.Headers.Vary = "Accept-Language";
            return await ConsentChanges.PageAsync(module, t, cursor, limit, cancel) is { } history
                ? Results.Ok(new TenantConsents(
                    await Consents.StandingAsync(module, t, cancel), history, ConsentText.For(language ?? http.Request.Headers.AcceptLanguage), [.. ConsentText.Current.Select(text => text.Language)]))
                : Cursor.Invalid.ToResult();
        })
        .Requires(Right.ReadConsents).WithName("GetConsents").WithSummary("What a tenant allows now, every change before, and the text that is agreed to").Produces<TenantConsents>();
}
