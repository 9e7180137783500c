using System.Diagnostics;
using Fleet.Billing.Amounts;
using Fleet.Billing.Contracts;
using Fleet.Billing.Meters;
using Fleet.EventStore;

namespace Fleet.Billing.Invoices;

/// <summary>Stream <c>invoice/{contract}/{period}</c>: one event, for ever.</summary>
public abstract record InvoiceEvent
{
    /// <param name="InvoiceId"><c>{contract}.{period}</c>.</param>
    /// <param name="Number">Gapless within the provider's series.</param>
    /// <param name="From">The billed span as instants, in the contract's time zone a month.</param>
    /// <param name="Total">The sum of the lines, nothing else.</param>
    /// <param name="Missing">What was not billed when the invoice was issued.</param>
    /// <param name="By">The token's subject.</param>
    public sealed record InvoiceIssued(
        string InvoiceId, string Number, string ContractId, string ContractName, string Provider, string Period, string TimeZone,
        DateTimeOffset From, DateTimeOffset To, IReadOnlyList<InvoiceLine> Lines, Money Total, IReadOnlyList<Missing> Missing,
        string By, DateTimeOffset At) : InvoiceEvent;
}

/// <summary>One line of an invoice.</summary>
/// <param name="Kind"><c>base-fee</c> or <c>pages</c>; all that is about pages is null on a base fee.</param>
/// <param name="Charge">The contract's word for the pages: <c>mono</c>.</param>
/// <param name="Counter">The device's counter they were read from: <c>mono</c>, <c>print.mono</c>.</param>
/// <param name="Pages">From <paramref name="First"/> to <paramref name="Last"/> through <paramref name="Edges"/>.</param>
/// <param name="Billable">Pages less included ones.</param>
/// <param name="Rate">Price of one page, or the base fee.</param>
/// <param name="Amount">Billable × rate, rounded once (<see cref="Money.Round"/>).</param>
/// <param name="Edges">Where the counter began anew in between; null when it only grew.</param>
public sealed record InvoiceLine(
    int Line, string Kind, string Description, string? DeviceId, string? Charge, string? Counter, Reading? First, Reading? Last,
    long? Pages, long? Included, long? Billable, decimal Rate, Money Amount, IReadOnlyList<EpochEdge>? Edges)
{
    public const string BaseFee = "base-fee", PagesKind = "pages";
}

/// <summary>Evidence of a new epoch within a line.</summary>
/// <param name="Pages">Pages over the edge: known after a wrap, none after a reset.</param>
public sealed record EpochEdge(EpochStart StartedBy, Reading Before, Reading After, long Pages);

/// <summary>An invoice, or the lack of one.</summary>
public sealed record Invoice(InvoiceEvent.InvoiceIssued? Issued)
{
    public static readonly Invoice None = new((InvoiceEvent.InvoiceIssued?)null);

    public static readonly StreamType<Invoice, InvoiceEvent> Stream = new("invoice", None, Evolve)
    {
        Events = { ["invoice_issued"] = typeof(InvoiceEvent.InvoiceIssued) },
    };

    public static string Key(string contract, Period period) => $"invoice/{contract}/{period}";

    public static string IdOf(string contract, Period period) => $"{contract}.{period}";

    public static Invoice Evolve(Invoice invoice, InvoiceEvent e) => e switch
    {
        InvoiceEvent.InvoiceIssued issued when invoice.Issued is null => new(issued),
        InvoiceEvent.InvoiceIssued => throw new InvalidOperationException($"{invoice.Issued!.InvoiceId} was issued twice"),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}")
    };
}
