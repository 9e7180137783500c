using System.Globalization;
using System.Text;

namespace Fleet.Billing.Invoices;

/// <summary>An invoice as CSV (RFC 4180): one row per line, columns that only ever grow to the right.</summary>
public static class InvoiceCsv
{
    public const string Header =
        "invoice,number,tenant,contract,period,line,kind,description,device,charge,counter,"
        + "first_reading,first_observed_at,first_value,first_oid,last_reading,last_observed_at,last_value,last_oid,"
        + "unit,pages,included,billable,rate,amount,currency";

    public static string Write(InvoiceAnswer invoice) =>
        invoice.Lines.Aggregate(new StringBuilder(Header).Append("\r\n"), (csv, line) => csv.AppendJoin(',', Row(invoice, line)).Append("\r\n")).ToString();

    private static IEnumerable<string> Row(InvoiceAnswer invoice, LineAnswer line) =>
    [
        Text(invoice.InvoiceId), Text(invoice.Number), Text(invoice.TenantId), Text(invoice.ContractId), invoice.Period,
        Number(line.Line), line.Kind, Text(line.Description), Text(line.DeviceId), Text(line.Charge), Text(line.Counter),
        $"{line.First?.Id}", Time(line.First?.ObservedAt), Number(line.First?.Value), Text(line.First?.Oid),
        $"{line.Last?.Id}", Time(line.Last?.ObservedAt), Number(line.Last?.Value), Text(line.Last?.Oid),
        Text(line.Last?.Unit), Number(line.Pages), Number(line.Included), Number(line.Billable), Number(line.Rate), Number(line.Amount), invoice.Currency,
    ];

    // A device may be named =cmd|…: a spreadsheet would run it. A leading apostrophe makes it text (OWASP, CSV injection).
    private static string Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture) ?? "";
}
