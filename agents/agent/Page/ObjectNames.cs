using System.Collections.Frozen;

namespace Fleet.Agent.Page;

/// <summary>What the standard objects an agent asks are called in their MIBs: SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), HOST-RESOURCES-MIB (RFC 2790), Printer-MIB (RFC 3805).</summary>
internal static class ObjectNames
{
    private const string Private = "1.3.6.1.4.1.";

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["1.3.6.1.2.1.1.1"] = "sysDescr",
        ["1.3.6.1.2.1.1.2"] = "sysObjectID",
        ["1.3.6.1.2.1.1.5"] = "sysName",
        ["1.3.6.1.2.1.1.6"] = "sysLocation",
        ["1.3.6.1.2.1.1.7"] = "sysServices",
        ["1.3.6.1.2.1.2.2.1.3"] = "ifType",
        ["1.3.6.1.2.1.2.2.1.6"] = "ifPhysAddress",
        ["1.3.6.1.2.1.2.2.1.8"] = "ifOperStatus",
        ["1.3.6.1.2.1.25.3.2.1.2"] = "hrDeviceType",
        ["1.3.6.1.2.1.25.3.2.1.3"] = "hrDeviceDescr",
        ["1.3.6.1.2.1.25.3.2.1.5"] = "hrDeviceStatus",
        ["1.3.6.1.2.1.25.3.5.1.1"] = "hrPrinterStatus",
        ["1.3.6.1.2.1.25.3.5.1.2"] = "hrPrinterDetectedErrorState",
        ["1.3.6.1.2.1.43.5.1.1.2"] = "prtGeneralCurrentLocalization",
        ["1.3.6.1.2.1.43.5.1.1.17"] = "prtGeneralSerialNumber",
        ["1.3.6.1.2.1.43.6.1.1"] = "prtCoverTable",
        ["1.3.6.1.2.1.43.7.1.1.4"] = "prtLocalizationCharacterSet",
        ["1.3.6.1.2.1.43.8.2.1"] = "prtInputTable",
        ["1.3.6.1.2.1.43.10.2.1.3"] = "prtMarkerCounterUnit",
        ["1.3.6.1.2.1.43.10.2.1.4"] = "prtMarkerLifeCount",
        ["1.3.6.1.2.1.43.11.1.1"] = "prtMarkerSuppliesTable",
        ["1.3.6.1.2.1.43.12.1.1"] = "prtMarkerColorantTable",
        ["1.3.6.1.2.1.43.18.1.1"] = "prtAlertTable"
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The object's name, or whose it is: <c>object of vendor 1347</c> (IANA private enterprise number).</summary>
    public static string Of(string oid)
    {
        for (var end = oid.Length; end > 0; end = oid.LastIndexOf('.', end - 1))
            if (Names.TryGetValue(oid[..end], out var name)) return name;
        return oid.StartsWith(Private, StringComparison.Ordinal) ? $"object of vendor {oid[Private.Length..].Split('.')[0]}" : "an object without a name here";
    }
}
