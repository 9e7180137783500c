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
public sealed record StandingConsents(
    string TenantId, long Version, IReadOnlyList<Span> Purposes, IReadOnlyList<Span> Features, IReadOnlyList<Span> FieldGroups);

public static class Consents
{
    private const string TheOne = "consent";

    // Inline: who withdraws sees it withdrawn in the next call.
    public static readonly View<ConsentRow> View = new("consents", 1, _ => [TheOne], Evolve) { Lifecycle = ViewLifecycle.Inline };

    public static async Task<StandingConsents> StandingAsync(ModuleContext module, string tenant, CancellationToken cancel)
    {
        await using var session = module.Store.QuerySession(tenant);
        var row = await session.LoadAsync<ConsentRow>(tenant, TheOne, cancel);
        return row is null ? new(tenant, 0, [], [], []) : new(tenant, row.Version, row.Purposes, row.Features, row.FieldGroups);
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
