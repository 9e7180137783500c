using Fleet.Snmp;

namespace Fleet.Printers;

// what a device says of itself -> what it is. Pure.
internal static class TellKind
{
    private const long Switches = 0x02, Routes = 0x04, ServesApplications = 0x40;     // sysServices, RFC 3418

    /// <summary>From sysObjectID, sysDescr and the first hrDeviceType; null when they do not say.</summary>
    public static DeviceKind? FromFirst(Answers first, Profiles profiles, KindRules kinds)
    {
        var id = first[PrinterMib.SysObjectId].AsOid;
        // A profile that names the model more closely than we name its maker knows better.
        if (kinds.ById(id) is { } known && profiles.LongestMatch(id) < known.Arcs) return known.Kind;
        if (first[PrinterMib.FirstHrDeviceType].AsOid == PrinterMib.HrDevicePrinter) return DeviceKind.Printer;
        if (first.Text(PrinterMib.SysDescr) is { } words && kinds.ByWords(words) is { } named) return named;
        return profiles.Choose(first) is not null ? DeviceKind.Printer : null;
    }

    /// <summary>From what follows the columns only a printer has; null when it has none of them.</summary>
    public static DeviceKind? FromColumns(IReadOnlyList<VarBind> following) =>
        following.Any(row => !row.Value.IsMissing && Array.Exists(Questions.PrinterColumns, column => row.Name.StartsWith(column))) ? DeviceKind.Printer : null;

    /// <summary>What is left: what moves packets and runs no application is of the network.</summary>
    public static DeviceKind FromServices(IReadOnlyList<VarBind> following)
    {
        var services = following.FirstOrDefault(row => row.Name == PrinterMib.SysServices).Value;
        return services.TryGetInt64(out var sum) && (sum & (Switches | Routes)) != 0 && (sum & ServesApplications) == 0 ? DeviceKind.Network : DeviceKind.Other;
    }
}
