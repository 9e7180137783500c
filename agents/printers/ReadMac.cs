using Fleet.Snmp;

namespace Fleet.Printers;

// ifTable -> the one address that names the device
internal static class ReadMac
{
    private const byte Group = 0x01, LocallyAdministered = 0x02;
    private const long Loopback = 24, Up = 1;

    // IANAifType: ethernetCsmacd, iso88023Csmacd, ethernet3Mbit, fastEther, fastEtherFX, ieee80211, gigabitEthernet
    private static readonly HashSet<long> Networks = [6, 7, 26, 62, 69, 71, 117];

    /// <summary>
    /// Prefers what the maker burnt in over what software made up, then what is up, then ethernet and Wi-Fi, then the first.
    /// Empty, zero, group and loopback addresses are none.
    /// </summary>
    public static (string Mac, Oid Oid)? From(Answers answers)
    {
        var best = answers.Table.Column(PrinterMib.IfPhysAddress)
            .Where(row => IsAddress(row.Value) && answers.Number(PrinterMib.IfType, row.Key) is not Loopback)
            .OrderBy(row => (row.Value.Octets[0] & LocallyAdministered) != 0)
            .ThenBy(row => answers.Number(PrinterMib.IfOperStatus, row.Key) is not (null or Up))
            .ThenBy(row => !Networks.Contains(answers.Number(PrinterMib.IfType, row.Key) ?? 0))
            .FirstOrDefault();
        return best.Value.IsMissing ? null : (string.Join(':', Convert.ToHexStringLower(best.Value.Octets).Chunk(2).Select(pair => new string(pair))), PrinterMib.IfPhysAddress.Append(best.Key));
    }

    private static bool IsAddress(SnmpValue value) =>
        value.Type is SnmpType.OctetString && value.Octets.Length == 6 && (value.Octets[0] & Group) == 0 && value.Octets.ContainsAnyExcept((byte)0);
}
