using System.Globalization;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>A <c>.snmprec</c> file read independently of everything under test: OID|type|value per line.</summary>
internal sealed class Recording(string file)
{
    private readonly Dictionary<string, (string Type, string Value)> lines = File.ReadLines(file, System.Text.Encoding.Latin1)
        .Select(line => line.Split('|', 3)).Where(parts => parts.Length == 3)
        .ToDictionary(parts => parts[0], parts => (parts[1], parts[2]));

    public static IEnumerable<string> Names =>
        Needs.Captures is { } folder ? Directory.EnumerateFiles(folder, "*.snmprec").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal) : [];

    public static Recording Of(string name) => new(Path.Combine(Needs.Captures ?? Needs.Missing("no shared/captures beside the repository"), name + ".snmprec"));

    /// <summary>The same through the reader the agent has for captures.</summary>
    public static Fleet.Printers.Capture CaptureOf(string name) => Fleet.Printers.Capture.Load(Path.Combine(Needs.Captures ?? Needs.Missing("no shared/captures beside the repository"), name + ".snmprec"));

    public bool Has(string oid) => lines.ContainsKey(oid);

    public long? Number(string oid) =>
        lines.TryGetValue(oid, out var line) && long.TryParse(line.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Row indexes below a column.</summary>
    public IEnumerable<string> Rows(string column) => lines.Keys.Where(oid => oid.StartsWith(column + ".", StringComparison.Ordinal)).Select(oid => oid[(column.Length + 1)..]);
}
