namespace Fleet.Defaults;

/// <summary>Members that mean the same wherever they stand, for documents; a record's own comment wins.</summary>
public static class FieldWords
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["tenantId"] = "The customer, owner of the data: a slug, stable for ever.",
        ["siteId"] = "The tenant's place: a slug, unique in the tenant.",
        ["deviceId"] = "Fleet's id of the device, stable over address changes.",
        ["agentId"] = "The agent at the site.",
        ["contractId"] = "`{tenant}.{name of the contract as a slug}`.",
        ["invoiceId"] = "One per contract and period.",
        ["provider"] = "The organisation that looks after the customer.",
        ["number"] = "Gapless in its series.",
        ["currency"] = "ISO 4217.",
        ["timeZone"] = "IANA name: `Europe/Vienna`.",
        ["period"] = "`yyyy-MM`, in the contract's time zone.",
        ["month"] = "`yyyy-MM`, UTC.",
        ["purposes"] = "Why data may be used: `fleet-management`, `billing`.",
        ["features"] = "What the provider may do: `remote-monitoring`, `admin-console`, `device-administration`.",
        ["fieldGroups"] = "What may be collected: `identity`, `network-address`, `location`, `counters`, `supplies`, `status`, `firmware`, `software-licence`, `usage`.",
        ["observedAt"] = "When the device answered, by the agent's clock.",
        ["receivedAt"] = "When it came, by the gate's clock.",
        ["at"] = "When it happened, UTC.",
        ["oid"] = "Where on the device it was read (SNMP), dotted.",
        ["unit"] = "Name from RFC 3805: `impressions`, `sheets`, `percent`, ….",
        ["slot"] = "Row of prtMarkerSuppliesTable, `{marker}.{supply}`: the key within the device.",
        ["mac"] = "EUI-48: `00:11:22:aa:bb:cc`.",
        ["address"] = "IP address; only under a consent to `network-address`.",
        ["sysObjectId"] = "SNMPv2-MIB sysObjectID, dotted.",
        ["profile"] = "Name and version of the rules that named the values: `kyocera/3`.",
        ["percent"] = "0 to 100; null unless level and capacity are both known.",
        ["severity"] = "`warning` or `critical` for an alert; PrtAlertSeverityLevelTC's name for a row of prtAlertTable.",
        ["items"] = "In the list's order.",
    };

    /// <param name="member">As it is written on the wire.</param>
    public static string? Of(string member) => Meanings.GetValueOrDefault(member);
}
