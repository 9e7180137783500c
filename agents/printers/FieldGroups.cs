namespace Fleet.Printers;

/// <summary>What may be asked of a device. A group that is not set has none of its OIDs in any packet.</summary>
[Flags]
public enum FieldGroups
{
    None = 0,

    /// <summary>sysObjectID, sysDescr, hrDeviceDescr, serial and model. Also what a vendor profile is chosen by.</summary>
    Identity = 1 << 0,

    /// <summary>Interface types, states and physical addresses.</summary>
    NetworkAddress = 1 << 1,

    /// <summary>sysName and sysLocation.</summary>
    Location = 1 << 2,

    Counters = 1 << 3,
    Supplies = 1 << 4,

    /// <summary>Device and printer status, detected errors, alerts, trays and covers.</summary>
    Status = 1 << 5,

    Firmware = 1 << 6,

    All = Identity | NetworkAddress | Location | Counters | Supplies | Status | Firmware
}
