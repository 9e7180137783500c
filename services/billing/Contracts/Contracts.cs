// stream contract/{id} -> Contracts -> GET /contracts, /contracts/{id}; the close reads it too, so it is inline
using Fleet.Billing.Amounts;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Billing.Contracts;

public sealed record ContractRow(string ContractId, string Provider, Terms Terms);

public static class Contracts
{
    public static readonly View<ContractRow> View = new("contracts", 1,
        keys: e => e.Data is ContractEvent.ContractSigned signed ? [signed.ContractId] : [],
        evolve: (row, e, _) => e.Data is ContractEvent.ContractSigned signed ? new(signed.ContractId, signed.Provider, signed.Terms) : row)
    {
        Lifecycle = ViewLifecycle.Inline,
    };
}

/// <summary>A contract as the API shows it.</summary>
/// <param name="StartsOn">First billed day.</param>
/// <param name="BaseFee">Per contract and month.</param>
/// <param name="Devices"><c>"all"</c> or a list of device ids.</param>
/// <param name="ToleranceDays">How old the first start reading of a meter may be at the period's start.</param>
public sealed record ContractAnswer(
    string ContractId, string TenantId, string Name, string Currency, string TimeZone, DateOnly StartsOn, decimal BaseFee,
    IReadOnlyList<Charge> Charges, DeviceScope Devices, int ToleranceDays)
{
    public static ContractAnswer Of(string tenant, string id, Terms terms) => new(
        id, tenant, terms.Name, terms.Currency.Code, terms.TimeZone, terms.StartsOn, terms.BaseFee.Amount, terms.Charges, terms.Devices, terms.ToleranceDays);
}

public static class ContractRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/contracts", async (string? tenant, string? cursor, int? limit, Caller caller, CancellationToken cancel) =>
            {
                if (!Cursor.TryRead(cursor, out var after))
                    return Cursor.Invalid.ToResult();
                await using var session = module.Store.QuerySession([.. caller.Among(tenant)]);
                var rows = await session.QueryKeyedAsync<ContractRow>(
                    "where contract_id > @after order by contract_id limit @limit", new { after = after ?? "", limit = Cursor.Limit(limit) + 1 }, cancel);
                return Results.Ok(Page<ContractAnswer>.Of([.. rows.Select(Answer)], Cursor.Limit(limit), c => c.ContractId));
            })
            .Requires(Right.ReadBilling)
            .WithName("ListContracts").WithSummary("Contracts, by id")
            .Produces<Page<ContractAnswer>>();

        app.MapGet("/api/v1/contracts/{id}", async (string id, Caller caller, CancellationToken cancel) =>
            {
                await using var session = module.Store.QuerySession([.. caller.Tenants]);
                var rows = await session.QueryKeyedAsync<ContractRow>("where contract_id = @id", new { id }, cancel);
                return rows is [var row] ? Results.Ok(Answer(row)) : Unknown(id).ToResult();
            })
            .Requires(Right.ReadBilling)
            .WithName("GetContract").WithSummary("One contract")
            .Produces<ContractAnswer>();
    }

    private static ContractAnswer Answer(Keyed<ContractRow> row) => ContractAnswer.Of(row.TenantId, row.Row.ContractId, row.Row.Terms);

    private static Refusal Unknown(string id) => Refusal.Unknown("unknown-contract", $"There is no contract '{id}' that this token may see.");
}
