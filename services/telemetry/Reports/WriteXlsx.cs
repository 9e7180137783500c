using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Fleet.Telemetry.Reports;

// cells -> sheets of an Office Open XML workbook (ECMA-376, transitional), row by row -> zip on the way out
/// <remarks>
/// By hand, on the framework's ZipArchive: the Open XML SDK holds each part in memory until its package is closed (System.IO.Packaging opens it for reading too), and MiniExcel 1.46, the one
/// streaming writer that restores, puts a drawing into sheetData, which the SDK's validator refuses. Texts are inline strings and never formulas: no element of formula is ever written.
/// </remarks>
public static class WriteXlsx
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>What a sheet and a cell hold (Excel's specifications and limits).</summary>
    public const int MostRows = 1_048_576, LongestText = 32_767;

    private const int Flush = 64 * 1024, Plain = 0, Time = 1, Head = 2;
    private const string Declared = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""", Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        Documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships", Packages = "http://schemas.openxmlformats.org/package/2006";

    private static readonly DateTime Epoch = new(1899, 12, 30);

    /// <param name="sheet">Its name; further ones, where one does not hold all rows, are numbered.</param>
    public static async Task ToAsync(
        Stream stream, string sheet, IReadOnlyList<string> header, IAsyncEnumerable<object?[]> rows, Layout layout, CancellationToken cancel, int mostRows = MostRows)
    {
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel);
        var sheets = 0;
        await using (var row = rows.GetAsyncEnumerator(cancel))
            for (var more = await row.MoveNextAsync(); more || sheets == 0;)
                more = await SheetAsync(zip, ++sheets, header, row, more, layout, mostRows, cancel);

        var numbers = Enumerable.Range(1, sheets).ToList();
        await PartAsync(zip, "xl/styles.xml", Styles, cancel);
        await PartAsync(zip, "xl/workbook.xml",
            $"""<workbook xmlns="{Main}" xmlns:r="{Documents}"><sheets>{string.Concat(numbers.Select(n => $"""<sheet name="{sheet}{(n == 1 ? "" : n)}" sheetId="{n}" r:id="rId{n}"/>"""))}</sheets></workbook>""", cancel);
        await PartAsync(zip, "xl/_rels/workbook.xml.rels", Relationships(
            [.. numbers.Select(n => ($"rId{n}", "worksheet", $"worksheets/sheet{n}.xml")), ("rId0", "styles", "styles.xml")]), cancel);
        await PartAsync(zip, "_rels/.rels", Relationships([("rId1", "officeDocument", "xl/workbook.xml")]), cancel);
        const string kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        await PartAsync(zip, "[Content_Types].xml",
            $"""<Types xmlns="{Packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>{string.Concat(numbers.Select(n => $"""<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kinds}.worksheet+xml"/>"""))}</Types>""", cancel);
    }

    /// <returns>True: the sheet is full and there is another row.</returns>
    private static async Task<bool> SheetAsync(
        ZipArchive zip, int number, IReadOnlyList<string> header, IAsyncEnumerator<object?[]> rows, bool more, Layout layout, int mostRows, CancellationToken cancel)
    {
        await using var part = await zip.CreateEntry($"xl/worksheets/sheet{number}.xml", CompressionLevel.Fastest).OpenAsync(cancel);
        var xml = new StringBuilder(Flush * 2).Append(CultureInfo.InvariantCulture,
            $"""{Declared}<worksheet xmlns="{Main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>""");
        Row(xml, header, layout, Head);
        for (var count = 1; more && count < mostRows; count++, more = await rows.MoveNextAsync())
        {
            Row(xml, rows.Current, layout, Plain);
            if (xml.Length >= Flush)
                await FlushAsync(part, xml, cancel);
        }
        await FlushAsync(part, xml.Append("</sheetData></worksheet>"), cancel);
        return more;
    }

    private static void Row(StringBuilder xml, IReadOnlyList<object?> cells, Layout layout, int style)
    {
        xml.Append("<row>");
        foreach (var cell in cells)
            _ = cell switch
            {
                null => xml.Append("<c/>"),
                string text => Text(xml.Append(CultureInfo.InvariantCulture, $"""<c t="inlineStr" s="{style}"><is><t xml:space="preserve">"""), Layout.Defuse(text)).Append("</t></is></c>"),
                bool yes => xml.Append("""<c t="b"><v>""").Append(yes ? '1' : '0').Append("</v></c>"),
                // A spreadsheet's time knows no zone: the wall clock of the layout's, as days since the end of 1899.
                DateTimeOffset at => xml.Append(CultureInfo.InvariantCulture, $"""<c s="{Time}"><v>{(layout.There(at).DateTime - Epoch).TotalDays:0.########}</v></c>"""),
                IFormattable number => xml.Append("<c><v>").Append(number.ToString(null, CultureInfo.InvariantCulture)).Append("</v></c>"),
                _ => throw new ArgumentException($"no cell: {cell.GetType().Name}", nameof(cells)),
            };
        xml.Append("</row>");
    }

    // XML 1.0 cannot hold most control characters nor half a surrogate pair; a reader would refuse the whole file.
    private static StringBuilder Text(StringBuilder xml, string text)
    {
        foreach (var rune in text.Length > LongestText ? text[..LongestText].EnumerateRunes() : text.EnumerateRunes())
            _ = rune.Value switch
            {
                '&' => xml.Append("&amp;"),
                '<' => xml.Append("&lt;"),
                '>' => xml.Append("&gt;"),
                '\r' => xml.Append("&#13;"),
                '\t' or '\n' => xml.Append((char)rune.Value),
                < ' ' or 0xfffe or 0xffff => xml.Append('\ufffd'),
                _ => xml.Append(rune.ToString()),
            };
        return xml;
    }

    private static string Relationships((string Id, string Kind, string Target)[] all) =>
        $"""<Relationships xmlns="{Packages}/relationships">{string.Concat(all.Select(one => $"""<Relationship Id="{one.Id}" Type="{Documents}/{one.Kind}" Target="{one.Target}"/>"""))}</Relationships>""";

    // Plain, a time, the head: in this order.
    private const string Styles =
        $"""<styleSheet xmlns="{Main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/></cellXfs></styleSheet>""";

    private static async Task PartAsync(ZipArchive zip, string name, string xml, CancellationToken cancel)
    {
        await using var part = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancel);
        await FlushAsync(part, new StringBuilder(Declared).Append(xml), cancel);
    }

    private static async Task FlushAsync(Stream part, StringBuilder xml, CancellationToken cancel)
    {
        await part.WriteAsync(Encoding.UTF8.GetBytes(xml.ToString()), cancel);
        xml.Clear();
    }
}
