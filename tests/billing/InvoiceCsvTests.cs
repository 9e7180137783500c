using System.Globalization;
using CsvHelper;
using Fleet.Billing.Amounts;
using Fleet.Billing.Invoices;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class InvoiceCsvTests
{
    [Test]
    public void One_row_per_line_with_both_readings()
    {
        var row = Rows(Invoice("dev-1")).Single();

        Assert.That(row["pages"], Is.EqualTo("3457"));
        Assert.That(row["amount"], Is.EqualTo("19.41"));
        Assert.That(row["rate"], Is.EqualTo("0.0079"));
        Assert.That(row["first_observed_at"], Is.EqualTo("2026-10-01T00:00:00Z"));
        Assert.That((row["first_value"], row["last_value"]), Is.EqualTo(("10000", "13457")));
        Assert.That(row["last_reading"], Is.EqualTo(Read("2026-11-01", 13_457).Id.ToString()));
    }

    [Test]
    public void The_columns_stay_where_they_are() => Assert.That(InvoiceCsv.Write(Invoice("dev-1")).Split("\r\n")[0], Is.EqualTo(
        "invoice,number,tenant,contract,period,line,kind,description,device,charge,counter,first_reading,first_observed_at,first_value,first_oid,"
        + "last_reading,last_observed_at,last_value,last_oid,unit,pages,included,billable,rate,amount,currency"));

    [TestCase("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1")]
    [TestCase("+1", "'+1")]
    [TestCase("-1", "'-1")]
    [TestCase("@x", "'@x")]
    [TestCase("\tx", "'\tx")]
    public void A_name_that_a_spreadsheet_would_run_is_text(string device, string cell) => Assert.That(Rows(Invoice(device)).Single()["device"], Is.EqualTo(cell));

    [TestCase("second floor, left")]
    [TestCase("the \"big\" one")]
    [TestCase("two\r\nlines")]
    public void Commas_quotes_and_line_ends_survive(string device) => Assert.That(Rows(Invoice(device)).Single()["device"], Is.EqualTo(device));

    private static InvoiceAnswer Invoice(string device)
    {
        var line = new InvoiceLine(1, InvoiceLine.PagesKind, "3457 mono pages", device, "mono", "mono", Read("2026-10-01", 10_000), Read("2026-11-01", 13_457),
            3457, 1000, 2457, 0.0079m, new(19.41m, Eur), null);
        return InvoiceAnswer.Of("acme", new("acme.office.2026-10", "northwind-000001", "acme.office", "Office", "northwind", "2026-10", "UTC",
            At("2026-10-01"), At("2026-11-01"), [line], new Money(19.41m, Eur), [], "billing", At("2026-11-02")));
    }

    private static List<IDictionary<string, object>> Rows(InvoiceAnswer invoice)
    {
        using var csv = new CsvReader(new StringReader(InvoiceCsv.Write(invoice)), CultureInfo.InvariantCulture);
        return [.. csv.GetRecords<dynamic>().Select(row => (IDictionary<string, object>)row)];
    }
}
