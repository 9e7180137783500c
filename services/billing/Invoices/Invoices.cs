// stream invoice/{contract}/{period} -> Invoices -> GET /invoices, /invoices/{id}(.json|.csv)
using System.ComponentModel;
using System.Text;
using Fleet.Billing.Contracts;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Billing.Invoices;

public sealed record InvoiceRow(string InvoiceId, string Period, InvoiceEvent.InvoiceIssued Issued);

public static class Invoices
{
    public static readonly View<InvoiceRow> View = new("invoices", 1,
        keys: e => e.Data is InvoiceEvent.InvoiceIssued issued ? [issued.InvoiceId] : [],
        evolve: (row, e, _) => e.Data is InvoiceEvent.InvoiceIssued issued ? new(issued.InvoiceId, issued.Period, issued) : row)
    {
        Lifecycle = ViewLifecycle.Inline,
        Indexes = ["period"],
    };
}

public static class InvoiceRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/invoices", async ([Description("`yyyy-MM`; left out: all.")] string? period, string? tenant, string? cursor, int? limit, Caller caller, CancellationToken cancel) =>
            {
                if (period is not null && Period.Parse(period) is null)
                    return Refusal.Invalid("period", $"'{period}' is no month; write yyyy-MM.").ToResult();
                if (!Cursor.TryRead(cursor, out var after))
                    return Cursor.Invalid.ToResult();
                await using var session = module.Store.QuerySession([.. caller.Among(tenant)]);
                var rows = await session.QueryKeyedAsync<InvoiceRow>(
                    "where invoice_id > @after and (@period = '' or period = @period) order by invoice_id limit @limit",
                    new { after = after ?? "", period = period ?? "", limit = Cursor.Limit(limit) + 1 }, cancel);
                return Results.Ok(Page<InvoiceSummary>.Of([.. rows.Select(r => InvoiceSummary.Of(r.TenantId, r.Row.Issued))], Cursor.Limit(limit), i => i.InvoiceId));
            })
            .Requires(Right.ReadBilling)
            .WithName("ListInvoices").WithSummary("Invoices, by id, without their lines")
            .Produces<Page<InvoiceSummary>>();

        app.MapGet("/api/v1/invoices/{id}", (string id, Caller caller, CancellationToken cancel) =>
                AnswerAsync(module.Store, caller, id, invoice => Results.Ok(invoice), cancel))
            .Requires(Right.ReadBilling)
            .WithName("GetInvoice").WithSummary("One invoice, each line with its first and last reading")
            .Produces<InvoiceAnswer>();

        app.MapGet("/api/v1/invoices/{id}.json", (string id, Caller caller, CancellationToken cancel) =>
                AnswerAsync(module.Store, caller, id, invoice => Results.Ok(invoice), cancel))
            .Requires(Right.ReadBilling)
            .WithName("GetInvoiceAsJson").WithSummary("The same, under a name for downloads")
            .Produces<InvoiceAnswer>();

        app.MapGet("/api/v1/invoices/{id}.csv", (string id, Caller caller, CancellationToken cancel) =>
                AnswerAsync(module.Store, caller, id, invoice => Results.Bytes(
                    Encoding.UTF8.GetBytes(InvoiceCsv.Write(invoice)), "text/csv; charset=utf-8; header=present", $"{invoice.Number}.csv"), cancel))
            .Requires(Right.ReadBilling)
            .WithName("GetInvoiceAsCsv").WithSummary("One invoice as CSV (RFC 4180), a row per line")
            .WithDescription($"Columns, which only ever grow to the right: `{InvoiceCsv.Header}`.")
            .Produces<string>(contentType: "text/csv");
    }

    private static async Task<IResult> AnswerAsync(DocumentStore store, Caller caller, string id, Func<InvoiceAnswer, IResult> answer, CancellationToken cancel)
    {
        await using var session = store.QuerySession([.. caller.Tenants]);
        var rows = await session.QueryKeyedAsync<InvoiceRow>("where invoice_id = @id", new { id }, cancel);
        return rows is [var row]
            ? answer(InvoiceAnswer.Of(row.TenantId, row.Row.Issued))
            : Refusal.Unknown("unknown-invoice", $"There is no invoice '{id}' that this token may see.").ToResult();
    }
}
