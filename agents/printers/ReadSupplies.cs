using Fleet.Snmp;

namespace Fleet.Printers;

// prtMarkerSuppliesTable + prtMarkerColorantTable, joined by index; profile's own supplies -> Supply
internal static class ReadSupplies
{
    private const long Other = -1, SomeRemaining = -3;

    private static readonly HashSet<string> Receptacles = ["wasteToner", "wasteInk", "wasteWax", "wasteWater", "wastePaper"];

    public static IReadOnlyList<Supply> From(Answers answers, Profile profile)
    {
        var rows = answers.Table.Rows(PrinterMib.SuppliesLevel, PrinterMib.SuppliesMaxCapacity, PrinterMib.SuppliesDescription, PrinterMib.SuppliesType);
        return [.. rows.Select(row => Standard(answers, row, profile)), .. profile.Supplies.Select(rule => Vendor(rule, answers)).OfType<Supply>()];
    }

    private static Supply Standard(Answers answers, Oid row, Profile profile)
    {
        var description = answers.Text(PrinterMib.SuppliesDescription, row) ?? "";
        var type = RfcNames.SupplyType(answers.Number(PrinterMib.SuppliesType, row));
        var known = profile.SupplyOverrides.FirstOrDefault(rule => rule.Description.IsMatch(description));
        return Measured(
            new(row.ToString(), description, type, known?.Class ?? Class(answers.Number(PrinterMib.SuppliesClass, row), type), Color(answers, row),
                RfcNames.Unit(answers.Number(PrinterMib.SuppliesUnit, row)), State: ""),
            answers.Number(PrinterMib.SuppliesLevel, row), answers.Number(PrinterMib.SuppliesMaxCapacity, row), known?.Filled ?? false);
    }

    private static Supply? Vendor(SupplyRule rule, Answers answers) =>
        Quantity.Of(rule.Level, answers) is Quantity.Known known
            ? Measured(new(rule.Slot, rule.Description, rule.Type, rule.Class, rule.Color, rule.Unit, State: ""), known.Value, rule.Capacity, false)
            : null;

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
