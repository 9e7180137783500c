// streams licence/{tenant}, seats/{tenant}/{month} -> Licences, SeatMonths -> GET /licences
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Licensing.Seats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Licensing.Licences;

public sealed record LicenceRow(long Seats, IReadOnlyList<string> Features, DateOnly MaintenanceUntil, string CustomerReference);

public static class Licences
{
    public static readonly View<LicenceRow> View = new("licences", 1,
        keys: e => e.Data is LicenceEvent.LicenceGranted granted ? [granted.TenantId] : [],
        evolve: (row, e, _) => e.Data is LicenceEvent.LicenceGranted granted
            ? new(granted.Seats, granted.Features, granted.MaintenanceUntil, granted.CustomerReference)
            : row)
    {
        Lifecycle = ViewLifecycle.Inline,
    };
}

/// <summary>A tenant's licence and what is taken of it.</summary>
/// <param name="Features">Names of licensed features, sorted.</param>
/// <param name="Entitled">Seats bought; null when there is no licence.</param>
/// <param name="Month">The current month (UTC).</param>
/// <param name="Taken">Devices that reported in it.</param>
/// <param name="Over">Taken beyond entitled; only reported, nothing ever stops for it.</param>
/// <param name="History">All months with reports, the newest first.</param>
public sealed record LicenceAnswer(
    string TenantId, long? Entitled, IReadOnlyList<string> Features, DateOnly? MaintenanceUntil, string? CustomerReference,
    string Month, long Taken, long Over, IReadOnlyList<MonthAnswer> History);

/// <summary>The seats taken in one month.</summary>
/// <param name="Over">Taken beyond what is entitled today.</param>
[Schema("SeatMonth")]
public sealed record MonthAnswer(string Month, long Taken, long Over);

public static class LicenceAnswers
{
    public static async Task<IReadOnlyList<LicenceAnswer>> OfAsync(
        DocumentStore store, IReadOnlyCollection<string> tenants, string month, CancellationToken cancel)
    {
        await using var session = store.QuerySession(tenants);
        var licences = (await session.QueryKeyedAsync<LicenceRow>("", null, cancel)).ToDictionary(row => row.TenantId, row => row.Row);
        var months = (await session.QueryKeyedAsync<SeatMonthRow>("order by month desc", null, cancel)).ToLookup(row => row.TenantId, row => row.Row);
        return [.. tenants.Where(t => licences.ContainsKey(t) || months.Contains(t)).Order(StringComparer.Ordinal)
            .Select(tenant => Answer(tenant, licences.GetValueOrDefault(tenant), [.. months[tenant]], month))];
    }

    public static LicenceAnswer Answer(string tenant, LicenceRow? licence, IReadOnlyList<SeatMonthRow> months, string month)
    {
        var taken = months.FirstOrDefault(m => m.Month == month)?.Taken ?? 0;
        return new(
            tenant, licence?.Seats, licence?.Features ?? [], licence?.MaintenanceUntil, licence?.CustomerReference, month, taken, Over(taken),
            [.. months.Select(m => new MonthAnswer(m.Month, m.Taken, Over(m.Taken)))]);

        long Over(long seats) => Math.Max(0, seats - (licence?.Seats ?? 0));
    }
}

public static class LicenceRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) => app
        .MapGet("/api/v1/licences", async (string? tenant, Caller caller, CancellationToken cancel) =>
            Results.Ok(new Page<LicenceAnswer>(
                await LicenceAnswers.OfAsync(module.Store, [.. caller.Among(tenant)], Month.Of(module.Clock.GetUtcNow()), cancel), null)))
        .Requires(Right.ReadLicences)
        .WithName("ListLicences").WithSummary("Licences and the seats taken of them, all on one page")
        .Produces<Page<LicenceAnswer>>();
}
