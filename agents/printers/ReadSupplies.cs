using Fleet.Snmp;

namespace Fleet.Printers;

/// <param name="Oid">Where the level stood.</param>
internal sealed record ToldSupply(Supply Supply, string Oid, string Formula, string? Source, bool IsVendors);

// prtMarkerSuppliesTable + prtMarkerColorantTable, joined by index; profile's own supplies -> Supply
internal static class ReadSupplies
{
    private const long Other = -1, SomeRemaining = -3;

    private static readonly HashSet<string> Receptacles = ["wasteToner", "wasteInk", "wasteWax", "wasteWater", "wastePaper"];

    /// <summary>Each with where its level stood and what made it of that.</summary>
    public static IReadOnlyList<ToldSupply> From(Answers answers, Profile profile)
    {
        var slots = new HashSet<string>();      // several rules of one slot: the finest measure first, the first that answers counts
        return
        [
            .. Rows(answers).Select(row => Standard(answers, row, profile)),
            .. profile.Supplies.Select(rule => slots.Contains(rule.Slot) ? null : Vendor(rule, answers)).OfType<ToldSupply>().Where(told => slots.Add(told.Supply.Slot)),
            .. profile.SupplyTables.SelectMany(rule => VendorRows(rule, answers))
        ];
    }

    public static IEnumerable<Oid> Rows(Answers answers) =>
        answers.Table.Rows(PrinterMib.SuppliesLevel, PrinterMib.SuppliesMaxCapacity, PrinterMib.SuppliesDescription, PrinterMib.SuppliesType);

    private static ToldSupply Standard(Answers answers, Oid row, Profile profile)
    {
        var description = answers.Text(PrinterMib.SuppliesDescription, row) ?? "";
        var type = RfcNames.SupplyType(answers.Number(PrinterMib.SuppliesType, row));
        var known = profile.SupplyOverrides.FirstOrDefault(rule => rule.Description.IsMatch(description));
        var (part, serial) = Names(description, profile);
        var supply = new Supply(row.ToString(), description, type, known?.Class ?? Class(answers.Number(PrinterMib.SuppliesClass, row), type), Color(answers, row),
            RfcNames.Unit(answers.Number(PrinterMib.SuppliesUnit, row)), State: "", Part: part, Serial: serial);
        return new(Measured(supply, answers.Number(PrinterMib.SuppliesLevel, row), answers.Number(PrinterMib.SuppliesMaxCapacity, row), known?.Filled ?? false),
            PrinterMib.SuppliesLevel.Append(row).ToString(), "prtMarkerSuppliesLevel of prtMarkerSuppliesMaxCapacity" + (known is null ? "" : $", override of '{known.Description}'"), known?.Source, known is not null);
    }

    private static (string? Part, string? Serial) Names(string description, Profile profile)
    {
        return profile.SupplyNames.Select(rule => rule.Pattern.Match(description)).FirstOrDefault(match => match.Success) is { } told
            ? (Told(told.Groups["part"].Value), Told(told.Groups["serial"].Value))
            : (null, null);

        static string? Told(string text) => text.Length == 0 || text.Equals("unknown", StringComparison.OrdinalIgnoreCase) ? null : text;
    }

    private static ToldSupply? Vendor(SupplyRule rule, Answers answers) =>
        Quantity.Of(rule.Level, answers) is Quantity.Known known
            ? new(Measured(new(rule.Slot, rule.Description, rule.Type, rule.Class, rule.Color, rule.Unit, State: ""), known.Value, rule.Capacity, false),
                known.Oid, $"{TermText.Of(rule.Level)} of {rule.Capacity}", rule.Source, IsVendors: true)
            : null;

    private static IEnumerable<ToldSupply> VendorRows(SupplyTableRule rule, Answers answers) =>
        answers.VendorTable.Rows(rule.Level).Select(row => new ToldSupply(
            Measured(
                new($"{rule.Slot}.{row}", (rule.Name is { } name ? answers.VendorText(name, row) : rule.Description) ?? "", rule.Type, rule.Class, null, rule.Unit, State: ""),
                Number(answers.VendorTable[rule.Level, row]), rule.Capacity is { } capacity ? Number(answers.VendorTable[capacity, row]) : rule.Scale, false),
            rule.Level.Append(row).ToString(), $"column {rule.Level} of {rule.Capacity?.ToString() ?? rule.Scale?.ToString(System.Globalization.CultureInfo.InvariantCulture)}", rule.Source, IsVendors: true));

    private static long? Number(SnmpValue value) => value.TryGetInt64(out var number) ? number : null;

    /// <summary>RFC 3805 prtMarkerSuppliesLevel: negative numbers are states, and without a capacity there is no percentage.</summary>
    private static Supply Measured(Supply supply, long? level, long? capacity, bool isFilled)
    {
        var scale = capacity is > 0 ? capacity : null;
        decimal? percent = level >= 0 && scale is not null ? decimal.Round(Math.Min(100m, level.Value * 100m / scale.Value), 1) : null;
        return supply with
        {
            State = State(level),
            Level = level >= 0 ? level : null,
            Capacity = scale,
            Percent = isFilled ? 100 - percent : percent
        };
    }

    public static string State(long? level) => level switch
    {
        >= 0 => "measured",
        SomeRemaining => "some-remaining",
        Other => "other",
        _ => "unknown"
    };

    // RFC 3805 PrtMarkerSuppliesClassTC; where the column is absent the type tells, and where that is silent nothing does.
    private static string Class(long? number, string type) => number switch
    {
        3 => "consumed",
        4 => "receptacle",
        null when Receptacles.Contains(type) => "receptacle",
        null when type is not ("other" or "unknown") => "consumed",
        _ => "other"
    };

    // Column 3 is an index into the colorant table of the same device; 0 says "none".
    private static string? Color(Answers answers, Oid row) =>
        answers.Number(PrinterMib.SuppliesColorantIndex, row) is > 0 and <= uint.MaxValue and var colorant
            ? answers.Text(PrinterMib.ColorantValue, new Oid(row[0], (uint)colorant))
            : null;
}
