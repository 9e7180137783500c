using Fleet.Billing.Meters;
using Fleet.Defaults;

namespace Fleet.Billing.Invoices;

/// <summary>An invoice in a list.</summary>
/// <param name="Total">Net, in <paramref name="Currency"/> (ISO 4217).</param>
public sealed record InvoiceSummary(
    string InvoiceId, string Number, string TenantId, string ContractId, string Period, string Currency, decimal Total, int Lines, DateTimeOffset IssuedAt)
{
    public static InvoiceSummary Of(string tenant, InvoiceEvent.InvoiceIssued issued) => new(
        issued.InvoiceId, issued.Number, tenant, issued.ContractId, issued.Period, issued.Total.Currency.Code, issued.Total.Amount, issued.Lines.Count, issued.At);
}

/// <summary>An invoice as the API shows it, whole.</summary>
/// <param name="From">First instant billed; <paramref name="To"/> the last: both bounds of the month in <paramref name="TimeZone"/>.</param>
/// <param name="Total">The exact sum of the lines' amounts, net.</param>
public sealed record InvoiceAnswer(
    string InvoiceId, string Number, string TenantId, string ContractId, string ContractName, string Provider, string Period, string TimeZone,
    DateTimeOffset From, DateTimeOffset To, DateTimeOffset IssuedAt, string Currency, IReadOnlyList<LineAnswer> Lines, decimal Total, string TaxNote,
    IReadOnlyList<Missing> Missing)
{
    public const string NoTax = "All amounts are net. No tax was determined; this document is not a tax invoice.";

    public static InvoiceAnswer Of(string tenant, InvoiceEvent.InvoiceIssued issued) => new(
        issued.InvoiceId, issued.Number, tenant, issued.ContractId, issued.ContractName, issued.Provider, issued.Period, issued.TimeZone,
        issued.From, issued.To, issued.At, issued.Total.Currency.Code, [.. issued.Lines.Select(LineAnswer.Of)], issued.Total.Amount, NoTax, issued.Missing);
}

/// <inheritdoc cref="InvoiceLine"/>
[Schema("InvoiceLine")]
public sealed record LineAnswer(
    int Line, string Kind, string Description, string? DeviceId, string? Charge, string? Counter, Reading? First, Reading? Last,
    long? Pages, long? Included, long? Billable, decimal Rate, decimal Amount, IReadOnlyList<EpochEdge>? Edges)
{
    public static LineAnswer Of(InvoiceLine line) => new(
        line.Line, line.Kind, line.Description, line.DeviceId, line.Charge, line.Counter, line.First, line.Last,
        line.Pages, line.Included, line.Billable, line.Rate, line.Amount.Amount, line.Edges);
}
