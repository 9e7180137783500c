using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Fleet.Telemetry.Reports;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Reports;

/// <summary>What is written is read back by those who did not write it: CsvHelper, and the Open XML SDK with its validator.</summary>
public class WrittenTests
{
    private static readonly string[] Header = ["device", "name", "count", "percent", "at", "empty"];

    private static readonly string[] Hostile =
    [
        "plain", "", " blanks ", "comma, semicolon; tab\t", "\"quoted\"", "two\r\nlines", "ünï – 字 – 🖨", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\")", "'=1", "<b>&amp;</b>",
    ];

    private static Layout Layout(string? locale = null, bool? bom = null, string? zone = null) => Fleet.Telemetry.Reports.Layout.Of(Report.All[0], null, locale, null, null, null, bom, zone, null).Layout!;

    private static async IAsyncEnumerable<object?[]> Rows(int times = 1)
    {
        for (var i = 0; i < times; i++)
            foreach (var text in Hostile)
                yield return [$"d{i}", text, -7342L, -12.5m, Noon, null];
        await Task.CompletedTask;
    }

    [TestCase("iso", ",")]
    [TestCase("de", ";")]
    public async Task A_csv_reads_back_as_it_was(string locale, string separator)
    {
        var read = await ReadCsvAsync(await CsvAsync(Layout(locale)), separator);

        Assert.That(read[0], Is.EqualTo(Header));
        Assert.That(read.Skip(1).Select(r => r[1]), Is.EqualTo(Hostile.Select(Fleet.Telemetry.Reports.Layout.Defuse)));
        Assert.That(read[1][2..], Is.EqualTo(locale == "de" ? ["-7342", "-12,5", "21.11.2026 12:00:00", ""] : new[] { "-7342", "-12.5", "2026-11-21T12:00:00Z", "" }));
    }

    [Test] // the twin: a writer that quotes nothing is found out by the same reader
    public async Task A_csv_that_is_not_quoted_is_found_out()
    {
        var naive = string.Join("\r\n", Hostile.Select(text => $"d0,{text},-7342,-12.5,,"));
        Assert.That((await ReadCsvAsync(Encoding.UTF8.GetBytes(naive), ",")).Select(r => r.Length > 1 ? r[1] : ""), Is.Not.EqualTo(Hostile));
    }

    [Test]
    public async Task Records_end_as_RFC_4180_says_the_last_one_too() =>
        Assert.That(Encoding.UTF8.GetString(await CsvAsync(Layout())), Does.EndWith("\r\n").And.StartsWith("device,name,count,percent,at,empty\r\n"));

    [Test]
    public async Task Excel_knows_UTF_8_by_the_mark_and_only_who_asks_gets_it()
    {
        Assert.That((await CsvAsync(Layout("de")))[..3], Is.EqualTo(Encoding.UTF8.Preamble.ToArray()));
        Assert.That((await CsvAsync(Layout("de", bom: false)))[..3], Is.Not.EqualTo(Encoding.UTF8.Preamble.ToArray()));
    }

    [Test]
    public void Times_are_those_of_the_asked_zone() =>
        Assert.That((Layout("de", zone: "Europe/Berlin").Text(Noon), Layout(zone: "Europe/Berlin").Text(Noon)), Is.EqualTo(("21.11.2026 13:00:00", "2026-11-21T13:00:00+01:00")));

    [TestCase("=1+1")]
    [TestCase("+1")]
    [TestCase("-1")]
    [TestCase("@A1")]
    [TestCase("\tx")]
    [TestCase("\rx")]
    public void What_a_spreadsheet_would_take_for_a_formula_is_text(string text) => Assert.That(Layout().Text(text), Is.EqualTo("'" + text));

    [Test] // the twin: numbers below zero are numbers
    public void A_number_is_left_alone() => Assert.That((Layout().Text(-1L), Layout().Text(-1.5)), Is.EqualTo(("-1", "-1.5")));

    [Test]
    public async Task A_workbook_is_valid_and_holds_the_same_and_no_formula()
    {
        using var file = new MemoryStream();
        await WriteXlsx.ToAsync(file, "meters", Header, Rows(), Layout(), CancellationToken.None);
        using var book = SpreadsheetDocument.Open(file, isEditable: false);

        Assert.That(new OpenXmlValidator().Validate(book).Select(e => $"{e.Part?.Uri} {e.Path?.XPath}: {e.Description}"), Is.Empty);
        var rows = Sheet(book);
        Assert.That(rows[0], Is.EqualTo(Header));
        Assert.That(rows.Skip(1).Select(r => r[1].ReplaceLineEndings("\n")), Is.EqualTo(Hostile.Select(text => Fleet.Telemetry.Reports.Layout.Defuse(text).ReplaceLineEndings("\n"))));
        Assert.That((rows[1][2], rows[1][3]), Is.EqualTo(("-7342", "-12.5")));
        Assert.That(book.WorkbookPart!.WorksheetParts.Single().Worksheet.Descendants<CellFormula>(), Is.Empty);
    }

    [Test]
    public async Task What_a_sheet_does_not_hold_stands_on_the_next()
    {
        using var file = new MemoryStream();
        await WriteXlsx.ToAsync(file, "meters", Header, Rows(), Layout(), CancellationToken.None, mostRows: 11);
        using var book = SpreadsheetDocument.Open(file, isEditable: false);
        Assert.That(new OpenXmlValidator().Validate(book), Is.Empty);
        Assert.That(book.WorkbookPart!.Workbook.Descendants<Sheet>().Select(s => s.Name!.Value), Is.EqualTo(new[] { "meters", "meters2" }));
        Assert.That(book.WorkbookPart.WorksheetParts.Select(p => p.Worksheet.Descendants<Row>().Count()).Order(), Is.EqualTo(new[] { Hostile.Length - 10 + 1, 11 }));
    }

    [Test] // the twin: what MiniExcel writes, a drawing among the rows, is found out by the validator
    public async Task A_workbook_that_is_not_valid_is_found_out()
    {
        using var file = new MemoryStream();
        await WriteXlsx.ToAsync(file, "meters", Header, Rows(), Layout(), CancellationToken.None);
        using var book = SpreadsheetDocument.Open(file, isEditable: true);
        book.WorkbookPart!.WorksheetParts.Single().Worksheet.GetFirstChild<SheetData>()!.AppendChild(new Drawing { Id = "drawing1" });
        Assert.That(new OpenXmlValidator().Validate(book), Is.Not.Empty);
    }

    [Test]
    public async Task Nothing_to_tell_is_a_header()
    {
        using var file = new MemoryStream();
        await WriteXlsx.ToAsync(file, "meters", Header, Rows(0), Layout(), CancellationToken.None);
        using var book = SpreadsheetDocument.Open(file, isEditable: false);
        Assert.That(Sheet(book)[0], Is.EqualTo(Header));
        using var csv = new MemoryStream();
        await WriteCsv.ToAsync(csv, Header, Rows(0), Layout(), CancellationToken.None);
        Assert.That(await ReadCsvAsync(csv.ToArray(), ","), Has.Count.EqualTo(1));
    }

    [TestCase("csv")]
    [TestCase("xlsx")]
    public async Task A_million_rows_take_no_more_memory_than_a_few(string format)
    {
        var (most, before) = (0L, GC.GetTotalMemory(forceFullCollection: true));
        await using var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 65536, FileOptions.DeleteOnClose);
        await (format == "csv"
            ? WriteCsv.ToAsync(file, Header, Million(), Layout(), CancellationToken.None)
            : WriteXlsx.ToAsync(file, "meters", Header, Million(), Layout(), CancellationToken.None));

        TestContext.Out.WriteLine($"{format}: {file.Length:N0} bytes of 1,000,000 rows, at most {most:N0} bytes held");
        Assert.That(most, Is.LessThan(32 << 20));
        Assert.That(file.Length, Is.GreaterThan(10 << 20));

        async IAsyncEnumerable<object?[]> Million()
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                if (i % 100_000 == 99_999)
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                yield return [i.ToString(CultureInfo.InvariantCulture), "Second floor", (long)i * 37, i % 1000 / 10m, Noon, null];
            }
            await Task.CompletedTask;
        }
    }

    private static async Task<byte[]> CsvAsync(Layout layout)
    {
        using var stream = new MemoryStream();
        await WriteCsv.ToAsync(stream, Header, Rows(), layout, CancellationToken.None);
        return stream.ToArray();
    }

    private static async Task<List<string[]>> ReadCsvAsync(byte[] csv, string separator)
    {
        using var parser = new CsvParser(new StreamReader(new MemoryStream(csv), Encoding.UTF8), new CsvConfiguration(CultureInfo.InvariantCulture) { Delimiter = separator, BadDataFound = null, Mode = CsvMode.RFC4180 });
        var rows = new List<string[]>();
        while (await parser.ReadAsync())
            rows.Add(parser.Record!);
        return rows;
    }

    private static List<string[]> Sheet(SpreadsheetDocument book)
    {
        var shared = book.WorkbookPart!.SharedStringTablePart?.SharedStringTable.Elements<SharedStringItem>().Select(item => item.InnerText).ToArray() ?? [];
        return [.. book.WorkbookPart.WorksheetParts.Single().Worksheet.Descendants<Row>().Select(row => row.Elements<Cell>().Select(cell =>
            cell.DataType?.Value == CellValues.SharedString ? shared[int.Parse(cell.CellValue!.Text, CultureInfo.InvariantCulture)] : cell.CellValue?.Text ?? cell.InnerText).ToArray())];
    }
}
