using Fleet.Snmp;

namespace Fleet.Printers;

// profile, allowed groups -> the objects to Get and the columns to read
/// <summary>Exactly what a device is asked. A group that is not allowed contributes no OID.</summary>
internal sealed record Questions(IReadOnlyList<Oid> Scalars, IReadOnlyList<Oid> Columns)
{
    /// <summary>Asked first, to know the device by.</summary>
    public static Oid[] First(FieldGroups allowed) =>
    [
        .. If(allowed, FieldGroups.Identity, PrinterMib.SysObjectId, PrinterMib.SysDescr),
        .. If(allowed, FieldGroups.Location, PrinterMib.SysName, PrinterMib.SysLocation)
    ];

    /// <summary>Asked of every address of a range: what are you?</summary>
    public static Oid[] Sighting(FieldGroups allowed) =>
    [
        .. If(allowed, FieldGroups.Identity, PrinterMib.SysObjectId, PrinterMib.SysDescr),
        .. If(allowed, FieldGroups.Identity | FieldGroups.Status, PrinterMib.FirstHrDeviceType)
    ];

    /// <summary>Columns nothing but a printer has.</summary>
    public static readonly Oid[] PrinterColumns = [PrinterMib.HrPrinterStatus, PrinterMib.GeneralSerialNumber, PrinterMib.MarkerLifeCount, PrinterMib.SuppliesLevel];

    /// <summary>Asked by GetNext of who answered without telling.</summary>
    public static Oid[] Further(FieldGroups allowed) =>
    [
        .. If(allowed, FieldGroups.Status, PrinterMib.HrPrinterStatus),
        .. If(allowed, FieldGroups.Identity, PrinterMib.GeneralSerialNumber, PrinterMib.SysServicesObject),
        .. If(allowed, FieldGroups.Counters, PrinterMib.MarkerLifeCount),
        .. If(allowed, FieldGroups.Supplies, PrinterMib.SuppliesLevel)
    ];

    public static Questions For(Profile profile, FieldGroups allowed)
    {
        var scalars = new HashSet<Oid>();
        var columns = new HashSet<Oid>(Standard(allowed));
        if (allowed.HasFlag(FieldGroups.Identity)) Add([.. profile.Model, .. profile.Serial]);
        if (allowed.HasFlag(FieldGroups.Firmware)) Add(profile.Firmware);
        if (allowed.HasFlag(FieldGroups.Counters)) foreach (var rule in profile.Counters) AddTerm(rule.From);
        if (allowed.HasFlag(FieldGroups.Supplies)) foreach (var rule in profile.Supplies) AddTerm(rule.Level);
        // A profile of a file has been refused for this; a deny list is no place to rely on that.
        return new([.. scalars.Where(oid => !Forbidden.Covers(oid))], [.. columns.Where(oid => !Forbidden.Covers(oid))]);

        void Add(IEnumerable<TextRule> rules)
        {
            foreach (var rule in rules)
            {
                if (rule.Oid is { } oid) scalars.Add(oid);
                if (rule.Column is { } column) columns.Add(column);
                if (rule.Row is { } row) columns.UnionWith([row.Key, row.Value]);
            }
        }

        void AddTerm(Term term)
        {
            if (term.Oid is { } oid) scalars.Add(oid);
            if (term.Block is { } block) scalars.Add(block.Oid);
            if (term.Row is { } row) columns.UnionWith([row.Key, row.Value]);
            foreach (var part in term.Sum ?? []) AddTerm(part);
            foreach (var part in term.Difference ?? []) AddTerm(part);
        }
    }

    /// <summary>Columns of the vendor's own supply tables.</summary>
    public static IReadOnlyList<Oid> Fallback(Profile profile, FieldGroups allowed) => allowed.HasFlag(FieldGroups.Supplies)
        ? [.. profile.SupplyTables.SelectMany(table => new[] { table.Name, table.Level, table.Capacity }).OfType<Oid>().Distinct().Where(oid => !Forbidden.Covers(oid))]
        : [];

    /// <summary>Everything a profile would ever ask beyond the standard objects.</summary>
    public static IEnumerable<Oid> All(Profile profile)
    {
        var all = For(profile, FieldGroups.All);
        return [.. all.Scalars, .. all.Columns, .. Fallback(profile, FieldGroups.All), .. profile.Match.Where(rule => rule.Answers is not null).Select(rule => rule.Answers!.Value)];
    }

    private static IEnumerable<Oid> Standard(FieldGroups allowed) =>
    [
        .. If(allowed, FieldGroups.Identity | FieldGroups.Status, PrinterMib.HrDeviceType),
        .. If(allowed, FieldGroups.Identity, PrinterMib.HrDeviceDescr, PrinterMib.GeneralSerialNumber),
        .. If(allowed, FieldGroups.NetworkAddress, PrinterMib.IfType, PrinterMib.IfPhysAddress, PrinterMib.IfOperStatus),
        .. If(allowed, FieldGroups.Counters, PrinterMib.MarkerCounterUnit, PrinterMib.MarkerLifeCount),
        .. If(allowed, FieldGroups.Supplies, PrinterMib.SuppliesColorantIndex, PrinterMib.SuppliesClass, PrinterMib.SuppliesType, PrinterMib.SuppliesDescription,
            PrinterMib.SuppliesUnit, PrinterMib.SuppliesMaxCapacity, PrinterMib.SuppliesLevel, PrinterMib.ColorantValue),
        .. If(allowed, FieldGroups.Status, PrinterMib.HrDeviceStatus, PrinterMib.HrPrinterStatus, PrinterMib.HrPrinterDetectedErrorState,
            PrinterMib.AlertSeverity, PrinterMib.AlertGroup, PrinterMib.AlertGroupIndex, PrinterMib.AlertCode, PrinterMib.AlertDescription,
            PrinterMib.InputCapacityUnit, PrinterMib.InputMaxCapacity, PrinterMib.InputCurrentLevel, PrinterMib.InputStatus,
            PrinterMib.InputName, PrinterMib.InputDescription,
            PrinterMib.CoverDescription, PrinterMib.CoverStatus)
    ];

    private static Oid[] If(FieldGroups allowed, FieldGroups any, params Oid[] oids) => (allowed & any) != 0 ? oids : [];
}
