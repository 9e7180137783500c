using Fleet.Contracts.Billing.V1;
using Fleet.Defaults;

namespace Fleet.Billing.Invoices;

/// <summary>stored invoice_issued -> Billing.V1.InvoiceIssued</summary>
public static class AnnounceInvoice
{
    public static readonly Announcement Announcement = Announcement.Of<InvoiceEvent.InvoiceIssued, InvoiceIssued>(e => Translate(e.TenantId, e.Data));

    public static InvoiceIssued Translate(string tenant, InvoiceEvent.InvoiceIssued issued) => new(
        tenant, issued.InvoiceId, issued.Number, issued.ContractId, issued.Period, issued.Total.Amount, issued.Total.Currency.Code, issued.At);
}
