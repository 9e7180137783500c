// MeterReadings -> the same rating as a close, nothing written -> GET /tenants/{t}/usage
using System.ComponentModel;
using Fleet.Billing.Contracts;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Billing.Invoices;

/// <summary>What a close would say now; of a month still running, what it has come to so far.</summary>
/// <param name="InvoiceId">Set once the month is closed: then <paramref name="Lines"/> and <paramref name="Missing"/> are the invoice's.</param>
/// <param name="To">The period's end; a line whose last reading was observed then is complete.</param>
public sealed record UsageAnswer(
    string ContractId, string Period, DateTimeOffset From, DateTimeOffset To, string Currency, IReadOnlyList<LineAnswer> Lines, decimal Total,
    IReadOnlyList<MissingAnswer> Missing, string? InvoiceId);

public static class Usages
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) => app
        .MapGet("/api/v1/tenants/{t}/usage", async (string t, [Description("`yyyy-MM`.")] string period, Caller caller, CancellationToken cancel) =>
        {
            if (Period.Parse(period) is not { } month)
                return Refusal.Invalid("period", $"'{period}' is no month; write yyyy-MM.").ToResult();
            await using var session = module.Store.QuerySession(t);
            var contracts = await session.QueryAsync<ContractRow>("order by contract_id", null, cancel);
            var usages = new List<UsageAnswer>();
            foreach (var contract in contracts.Where(c => c.Terms.IsBilledIn(month)))
                usages.Add(await OfAsync(module, t, contract, month, caller.Id, cancel));
            return Results.Ok(new Page<UsageAnswer>(usages, null));
        })
        .Requires(Right.ReadBilling)
        .WithName("ListUsage").WithSummary("What closing a month would bill now, all contracts on one page")
        .Produces<Page<UsageAnswer>>();

    private static async Task<UsageAnswer> OfAsync(ModuleContext module, string tenant, ContractRow contract, Period month, string by, CancellationToken cancel)
    {
        var (id, provider, terms) = contract;
        await using var batch = module.Store.BatchSession();
        var invoices = await batch.FetchForWriting<Invoice>([(tenant, Invoice.Key(id, month)), (tenant, Invoice.Key(id, month.Before))], cancel);
        var meters = await ContractMeters.LoadAsync(module.Store, batch, tenant, terms, month, invoices[1].Aggregate, cancel);
        var close = ClosePeriod.Decide(
            new(id, provider, terms, meters.Consent, month, invoices[1].Aggregate, meters.Histories, by, module.Clock.GetUtcNow()), invoices[0].Aggregate, Series.NumberSeries.Empty);
        return new(id, month.ToString(), terms.BillsFrom(month), terms.Ends(month), terms.Currency.Code,
            [.. (close.Issued?.Lines ?? []).Select(LineAnswer.Of)], close.Issued?.Total.Amount ?? 0,
            [.. close.Missing.Select(m => MissingAnswer.Of(tenant, id, m))], invoices[0].Aggregate.Issued?.InvoiceId);
    }
}
