using System.Text;
using Google.Protobuf;

namespace Fleet.Defaults.Tests.Observability;

/// <summary>
/// As much of OTLP's protobuf (opentelemetry-proto 1.x) as a test looks at. Export requests of all three signals have one shape: resource group (1)
/// with resource (1) and scope groups (2), which hold spans, metrics or log records (2).
/// </summary>
internal static class Otlp
{
    /// <summary>Value of a string attribute of every resource in an export request.</summary>
    public static IEnumerable<string> ResourceAttribute(byte[] request, string key) =>
        from attribute in At(request, 1, 1, 1)
        where Text(At(attribute, 1).Single()) == key
        from value in At(attribute, 2, 1)
        select Text(value);

    /// <summary>Span: name (5) and trace id (1), lower-case hex.</summary>
    public static IEnumerable<(string Name, string TraceId)> Spans(byte[] request) =>
        At(request, 1, 2, 2).Select(span => (Text(At(span, 5).Single()), Convert.ToHexStringLower(At(span, 1).Single())));

    /// <summary>Metric: name (1).</summary>
    public static IEnumerable<string> MetricNames(byte[] request) => At(request, 1, 2, 2).Select(metric => Text(At(metric, 1).Single()));

    /// <summary>LogRecord: body (5), a string value (1).</summary>
    public static IEnumerable<string> LogBodies(byte[] request) => At(request, 1, 2, 2).SelectMany(record => At(record, 5, 1)).Select(Text);

    private static IEnumerable<byte[]> At(byte[] message, params int[] path) =>
        path.Aggregate<int, IEnumerable<byte[]>>([message], (messages, field) => messages.SelectMany(m => Field(m, field)));

    private static List<byte[]> Field(byte[] message, int number)
    {
        var found = new List<byte[]>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
            if (WireFormat.GetTagFieldNumber(tag) == number && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        return found;
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
