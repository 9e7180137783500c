using System.Buffers;
using System.Text;

namespace Fleet.Telemetry.Reports;

// cells -> RFC 4180: CRLF after each record, fields quoted where they must be, a quote within doubled -> UTF-8
public static class WriteCsv
{
    public const string ContentType = "text/csv; charset=utf-8; header=present";

    private const int Flush = 64 * 1024;

    public static async Task ToAsync(Stream stream, IReadOnlyList<string> header, IAsyncEnumerable<object?[]> rows, Layout layout, CancellationToken cancel)
    {
        var lines = new StringBuilder(Flush * 2);
        if (layout.Bom)
            lines.Append('\ufeff');
        Line(lines, header, layout);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            Line(lines, row.Select(layout.Text), layout);
            if (lines.Length >= Flush)
                await FlushAsync(stream, lines, cancel);
        }
        await FlushAsync(stream, lines, cancel);
    }

    private static void Line(StringBuilder lines, IEnumerable<string> fields, Layout layout)
    {
        var first = true;
        foreach (var field in fields)
        {
            if (!first)
                lines.Append(layout.Separator);
            first = false;
            if (MustBeQuoted(field, layout.Separator))
                lines.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else
                lines.Append(field);
        }
        lines.Append("\r\n");
    }

    // Blanks at either end are a part of the field (§2.4); not every reader knows.
    private static bool MustBeQuoted(string field, char separator) =>
        field.AsSpan().IndexOfAny([separator, '"', '\r', '\n']) >= 0 || field is [' ' or '\t', ..] or [.., ' ' or '\t'];

    private static async Task FlushAsync(Stream stream, StringBuilder lines, CancellationToken cancel)
    {
        var text = lines.ToString();
        lines.Clear();
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            await stream.WriteAsync(bytes.AsMemory(0, Encoding.UTF8.GetBytes(text, bytes)), cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
