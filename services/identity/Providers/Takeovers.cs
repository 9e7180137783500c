// provider_asked, provider_asked_no_more, provider_took_on -> rows takeovers -> GET /api/v1/takeovers
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Providers;

/// <summary>A customer that asked a provider to look after it. A row of the provider's: the customer's own rows stay the customer's.</summary>
public sealed record TakeoverRow(string Tenant, DateTimeOffset Until, DateTimeOffset AskedAt);

/// <summary>A customer that asks to be taken on.</summary>
/// <param name="Name">As people call the customer.</param>
/// <param name="Until">Then the question is void.</param>
public sealed record Takeover(string TenantId, string Name, DateTimeOffset Until, DateTimeOffset AskedAt);

public static class Takeovers
{
    public static readonly View<TakeoverRow> View = new("takeovers", 1, Keys, Evolve) { Lifecycle = ViewLifecycle.Inline };

    private static IEnumerable<string> Keys(IEvent e) => e.Data switch
    {
        ProviderEvent.Asked asked => [asked.Tenant],
        ProviderEvent.AskedNoMore dropped => [dropped.Tenant],
        ProviderEvent.TookOn tookOn => [tookOn.Tenant],
        _ => [],
    };

    private static TakeoverRow? Evolve(TakeoverRow? row, IEvent e, string key) =>
        e.Data is ProviderEvent.Asked asked ? new(asked.Tenant, asked.Until, asked.At) : null;
}

public static class TakeoversRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/takeovers", async (Caller caller, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (caller.Provider is not { } provider)
                return Problems.MissingRight(Right.ManageTenants).ToResult();
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var most = Cursor.Limit(limit);
            await using var own = module.Store.QuerySession([StoreTenants.Of(provider)]);
            var rows = await own.QueryAsync<TakeoverRow>(
                "where key > @after and until > @now order by key limit @most", new { after = last ?? "", now = module.Clock.GetUtcNow(), most = most + 1 }, cancel);

            // Their names: who asks to be taken on tells its name.
            await using var asking = module.Store.QuerySession([.. rows.Select(row => row.Tenant)]);
            var names = (await asking.QueryAsync<TenantRow>("", null, cancel)).ToDictionary(tenant => tenant.TenantId, tenant => tenant.Name);
            return Results.Ok(Page<Takeover>.Of([.. rows.Select(row => new Takeover(row.Tenant, names[row.Tenant], row.Until, row.AskedAt))], most, row => row.TenantId));
        })
        .Requires(Right.ManageTenants).WithName("ListTakeovers").WithSummary("Customers of others that ask the caller's provider to look after them").Produces<Page<Takeover>>();
}
