using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>The standard objects an agent may ask: SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), HOST-RESOURCES-MIB (RFC 2790), Printer-MIB (RFC 3805).</summary>
internal static class PrinterMib
{
    public static readonly Oid
        SysDescr = Oid.Parse("1.3.6.1.2.1.1.1.0"),
        SysObjectId = Oid.Parse("1.3.6.1.2.1.1.2.0"),
        SysName = Oid.Parse("1.3.6.1.2.1.1.5.0"),
        SysLocation = Oid.Parse("1.3.6.1.2.1.1.6.0"),
        SysServicesObject = Oid.Parse("1.3.6.1.2.1.1.7"),
        SysServices = Oid.Parse("1.3.6.1.2.1.1.7.0");

    public static readonly Oid
        IfType = Oid.Parse("1.3.6.1.2.1.2.2.1.3"),
        IfPhysAddress = Oid.Parse("1.3.6.1.2.1.2.2.1.6"),
        IfOperStatus = Oid.Parse("1.3.6.1.2.1.2.2.1.8");

    public static readonly Oid
        HrDeviceType = Oid.Parse("1.3.6.1.2.1.25.3.2.1.2"),
        FirstHrDeviceType = Oid.Parse("1.3.6.1.2.1.25.3.2.1.2.1"),
        HrDeviceDescr = Oid.Parse("1.3.6.1.2.1.25.3.2.1.3"),
        HrDeviceStatus = Oid.Parse("1.3.6.1.2.1.25.3.2.1.5"),
        HrDevicePrinter = Oid.Parse("1.3.6.1.2.1.25.3.1.5"),
        HrPrinterStatus = Oid.Parse("1.3.6.1.2.1.25.3.5.1.1"),
        HrPrinterDetectedErrorState = Oid.Parse("1.3.6.1.2.1.25.3.5.1.2");

    public static readonly Oid
        GeneralCurrentLocalization = Oid.Parse("1.3.6.1.2.1.43.5.1.1.2"),
        GeneralSerialNumber = Oid.Parse("1.3.6.1.2.1.43.5.1.1.17"),
        CoverDescription = Oid.Parse("1.3.6.1.2.1.43.6.1.1.2"),
        CoverStatus = Oid.Parse("1.3.6.1.2.1.43.6.1.1.3"),
        LocalizationCharacterSet = Oid.Parse("1.3.6.1.2.1.43.7.1.1.4"),
        InputCapacityUnit = Oid.Parse("1.3.6.1.2.1.43.8.2.1.8"),
        InputMaxCapacity = Oid.Parse("1.3.6.1.2.1.43.8.2.1.9"),
        InputCurrentLevel = Oid.Parse("1.3.6.1.2.1.43.8.2.1.10"),
        InputStatus = Oid.Parse("1.3.6.1.2.1.43.8.2.1.11"),
        InputName = Oid.Parse("1.3.6.1.2.1.43.8.2.1.13"),
        InputDescription = Oid.Parse("1.3.6.1.2.1.43.8.2.1.18"),
        MarkerCounterUnit = Oid.Parse("1.3.6.1.2.1.43.10.2.1.3"),
        MarkerLifeCount = Oid.Parse("1.3.6.1.2.1.43.10.2.1.4");

    public static readonly Oid
        SuppliesColorantIndex = Oid.Parse("1.3.6.1.2.1.43.11.1.1.3"),
        SuppliesClass = Oid.Parse("1.3.6.1.2.1.43.11.1.1.4"),
        SuppliesType = Oid.Parse("1.3.6.1.2.1.43.11.1.1.5"),
        SuppliesDescription = Oid.Parse("1.3.6.1.2.1.43.11.1.1.6"),
        SuppliesUnit = Oid.Parse("1.3.6.1.2.1.43.11.1.1.7"),
        SuppliesMaxCapacity = Oid.Parse("1.3.6.1.2.1.43.11.1.1.8"),
        SuppliesLevel = Oid.Parse("1.3.6.1.2.1.43.11.1.1.9"),
        ColorantValue = Oid.Parse("1.3.6.1.2.1.43.12.1.1.4");

    public static readonly Oid
        AlertSeverity = Oid.Parse("1.3.6.1.2.1.43.18.1.1.2"),
        AlertGroup = Oid.Parse("1.3.6.1.2.1.43.18.1.1.4"),
        AlertGroupIndex = Oid.Parse("1.3.6.1.2.1.43.18.1.1.5"),
        AlertCode = Oid.Parse("1.3.6.1.2.1.43.18.1.1.7"),
        AlertDescription = Oid.Parse("1.3.6.1.2.1.43.18.1.1.8");
}
