using Fleet.Billing.Contracts;
using Fleet.Billing.Meters;
using Fleet.Billing.Series;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;

namespace Fleet.Billing.Invoices;

/// <summary>A month to close.</summary>
/// <param name="Period"><c>yyyy-MM</c>; over in the contract's time zone.</param>
/// <param name="Tenant">Only this tenant's contracts; all the caller sees unless given.</param>
public sealed record BillingRun(string Period, string? Tenant = null);

/// <summary>What closing a month came to.</summary>
/// <param name="Invoices">Of every contract of the period: issued now or before.</param>
/// <param name="Missing">What they do not bill, and why.</param>
/// <param name="Open">Contracts for which the period is not over yet.</param>
[Schema("BillingRunResult")]
public sealed record BillingRunAnswer(
    string Period, IReadOnlyList<InvoiceSummary> Invoices, IReadOnlyList<MissingAnswer> Missing, IReadOnlyList<string> Open);

/// <inheritdoc cref="Meters.Missing"/>
[Schema("ContractMissing")]
public sealed record MissingAnswer(string TenantId, string ContractId, string DeviceId, string Counter, string Reason, string Detail)
{
    public static MissingAnswer Of(string tenant, string contract, Missing missing) =>
        new(tenant, contract, missing.DeviceId, missing.Counter, missing.Reason, missing.Detail);
}

public static class RunBilling
{
    // Readings go on coming while a contract is closed; each attempt decides anew on what is then true.
    private const int Attempts = 20;

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) => app
        .MapPost("/api/v1/billing/runs", async (BillingRun run, Caller caller, CancellationToken cancel) =>
        {
            if (Period.Parse(run.Period) is not { } period)
                return Refusal.Invalid("period", $"'{run.Period}' is no month; write yyyy-MM.").ToResult();
            if (run.Tenant is not null && !caller.Sees(run.Tenant))
                return caller.Unseen(run.Tenant).ToResult();
            if (caller.Provider is null)
                return Refusal.Forbidden("no-provider", "Only somebody who works for a provider can bill its contracts: the token names none.").ToResult();

            var contracts = await ContractsAsync(module.Store, caller, run.Tenant, period, cancel);
            var ended = contracts.ToLookup(c => c.Row.Terms.Ends(period) <= module.Clock.GetUtcNow());
            if (contracts.Count > 0 && !ended[true].Any())
                return Refusal.Conflict("period-open", $"{period} is not over yet; readings up to its end are still to come.").ToResult();

            var (invoices, missing) = (new List<InvoiceSummary>(), new List<MissingAnswer>());
            foreach (var contract in ended[true])
            {
                if (await CloseAsync(module, contract, period, caller.Id, cancel) is not { } close)
                    return Refusal.Conflict("busy", $"{contract.Row.ContractId} kept changing while it was closed; what is issued stays, run again for the rest.").ToResult();
                if (close.Issued is not null)
                    invoices.Add(InvoiceSummary.Of(contract.TenantId, close.Issued));
                missing.AddRange(close.Missing.Select(m => MissingAnswer.Of(contract.TenantId, contract.Row.ContractId, m)));
            }
            return Results.Ok(new BillingRunAnswer(period.ToString(), invoices, missing, [.. ended[false].Select(c => c.Row.ContractId)]));
        })
        .Requires(Right.RunBilling)
        .Idempotent(module)
        .WithName("RunBilling").WithSummary("Closes a month: an invoice for every contract whose month is over")
        .WithDescription("Run again, it answers with the same invoices: what is issued stays.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .Produces<BillingRunAnswer>();

    private static async Task<IReadOnlyList<Keyed<ContractRow>>> ContractsAsync(
        DocumentStore store, Caller caller, string? tenant, Period period, CancellationToken cancel)
    {
        await using var session = store.QuerySession([.. caller.Among(tenant)]);
        var rows = await session.QueryKeyedAsync<ContractRow>("where provider = @provider order by contract_id", new { provider = caller.Provider }, cancel);
        return [.. rows.Where(row => row.Row.Terms.IsBilledIn(period))];
    }

    private static async Task<Close?> CloseAsync(ModuleContext module, Keyed<ContractRow> contract, Period period, string by, CancellationToken cancel)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
            try
            {
                return await TryCloseAsync(module, contract, period, by, cancel);
            }
            catch (ConcurrencyException)
            {
                // A reading came or another close took the number; nothing was written.
            }
        return null;
    }

    // One transaction: invoice, number and billed pages are all there or none is, whatever dies in between.
    private static async Task<Close> TryCloseAsync(ModuleContext module, Keyed<ContractRow> contract, Period period, string by, CancellationToken cancel)
    {
        var (tenant, (id, provider, terms)) = (contract.TenantId, contract.Row);
        await using var batch = module.Store.BatchSession();
        await OneAtATimeAsync(batch, provider, cancel);
        var invoices = await batch.FetchForWriting<Invoice>([(tenant, Invoice.Key(id, period)), (tenant, Invoice.Key(id, period.Before))], cancel);
        var series = (await batch.FetchForWriting<NumberSeries>([(provider, NumberSeries.Key(provider))], cancel))[0];

        var meters = invoices[0].Aggregate.Issued is null
            ? await ContractMeters.LoadAsync(module.Store, batch, tenant, terms, period, invoices[1].Aggregate, cancel)
            : ContractMeters.None;
        var close = ClosePeriod.Decide(
            new(id, provider, terms, meters.Consent, period, invoices[1].Aggregate, meters.Histories, by, module.Clock.GetUtcNow()), invoices[0].Aggregate, series.Aggregate);
        if (close.Number is null)
            return close;

        invoices[0].AppendOne(close.Issued!);
        series.AppendOne(close.Number);
        foreach (var billed in close.Billed)
            meters.Streams[Meter.Key(billed.DeviceId, billed.Counter)].AppendOne(billed);
        await batch.SaveChangesAsync(cancel);
        return close;
    }

    // Closes of one provider queue up for its series instead of running into each other; the stream's version would catch them anyway.
    private static async Task OneAtATimeAsync(BatchSession batch, string provider, CancellationToken cancel)
    {
        await batch.BeginAsync(cancel);
        await using var take = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", batch.Connection, batch.Transaction)
        {
            Parameters = { new() { Value = $"billing {NumberSeries.Key(provider)}" } },
        };
        await take.ExecuteNonQueryAsync(cancel);
    }
}
