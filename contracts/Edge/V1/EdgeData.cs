using System.Text.Json.Serialization;

namespace Fleet.Contracts.Edge.V1;

/// <summary>How an event names its device: whatever of these the device told and the consent allows.</summary>
/// <param name="Manufacturer">As the profile names it (<c>Kyocera</c>); field group <c>identity</c>.</param>
/// <param name="Serial">Serial number; field group <c>identity</c>.</param>
/// <param name="Mac">EUI-48 as <c>00:11:22:aa:bb:cc</c>; field group <c>network-address</c>.</param>
/// <param name="Address">IP address; field group <c>network-address</c>.</param>
/// <param name="Key">
/// A name the agent keeps for the device when it has nothing better: a salted hash, so that an address
/// that may not leave the site still names one device. Never empty.
/// </param>
public sealed record DeviceRef(string Key, string? Manufacturer = null, string? Serial = null, string? Mac = null, string? Address = null);

/// <summary>Which rules turned raw values into named ones.</summary>
public sealed record ProfileRef(string Name, int Version);

/// <summary><c>fleet.edge.device-seen.v1</c>: a device answered; what it says it is.</summary>
/// <param name="SysObjectId">SNMPv2-MIB sysObjectID, dotted without a leading dot.</param>
/// <param name="Name">sysName, only with field group <c>location</c>.</param>
/// <param name="Location">sysLocation, only with field group <c>location</c>.</param>
/// <param name="Firmware">Only with field group <c>firmware</c>.</param>
public sealed record DeviceSeen(
    DeviceRef Device,
    ProfileRef Profile,
    string? Model = null,
    string? SysObjectId = null,
    string? Name = null,
    string? Location = null,
    string? Firmware = null);

/// <summary><c>fleet.edge.meter-read.v1</c>: one reading of a device's counters.</summary>
public sealed record MeterRead(DeviceRef Device, ProfileRef Profile, IReadOnlyList<CounterRead> Counters);

/// <param name="Name">
/// <c>total</c>, <c>mono</c>, <c>color</c>, <c>copy.mono</c>, <c>print.color</c>, <c>scan</c>, <c>duplex</c>, <c>a3.color</c>, …;
/// <c>life</c> is prtMarkerLifeCount, which is never the same fact as the vendor's <c>total</c>.
/// </param>
/// <param name="Value">The raw count, never negative.</param>
/// <param name="Unit">PrtMarkerCounterUnitTC name: <c>impressions</c>, <c>sheets</c>, …</param>
/// <param name="Oid">Where it was read, dotted without a leading dot.</param>
public sealed record CounterRead(string Name, long Value, string Unit, string Oid);

/// <summary><c>fleet.edge.supplies-read.v1</c>: RFC 3805 prtMarkerSuppliesTable, typed.</summary>
public sealed record SuppliesRead(DeviceRef Device, ProfileRef Profile, IReadOnlyList<SupplyRead> Supplies);

/// <param name="Slot">Table index as <c>{marker}.{supply}</c>, e.g. <c>1.3</c>. The key: neither colour nor name is one.</param>
/// <param name="Type">PrtMarkerSuppliesTypeTC name (<c>toner</c>, <c>opc</c>, <c>wasteToner</c>, …) or <c>other</c>.</param>
/// <param name="Class"><c>consumed</c>, <c>receptacle</c> or <c>other</c>.</param>
/// <param name="Color">prtMarkerColorantValue, or null when the supply has none; always written, because "none" is an answer.</param>
/// <param name="Unit">PrtMarkerSuppliesSupplyUnitTC name.</param>
/// <param name="State"><c>measured</c>, <c>some-remaining</c> (-3), <c>unknown</c> (-2) or <c>other</c> (-1).</param>
/// <param name="Level">Raw level when measured, else null.</param>
/// <param name="Capacity">Maximum capacity when known, else null: a level without it has no percentage.</param>
/// <param name="Percent">0..100 with one decimal, only when level and capacity are both known.</param>
/// <param name="Part">The manufacturer's part number, where the device tells it; null otherwise.</param>
/// <param name="Serial">Serial number of the supply itself, where the device tells it; null otherwise. What it is replaced by has another.</param>
public sealed record SupplyRead(
    string Slot,
    string Description,
    string Type,
    string Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Color,
    string Unit,
    string State,
    long? Level = null,
    long? Capacity = null,
    decimal? Percent = null,
    string? Part = null,
    string? Serial = null);

/// <summary><c>fleet.edge.status-changed.v1</c>: RFC 2790 hrDeviceStatus, hrPrinterStatus and hrPrinterDetectedErrorState.</summary>
/// <param name="DeviceStatus"><c>unknown</c>, <c>running</c>, <c>warning</c>, <c>testing</c>, <c>down</c>, or <c>unreachable</c> when it does not answer.</param>
/// <param name="PrinterStatus"><c>other</c>, <c>unknown</c>, <c>idle</c>, <c>printing</c>, <c>warmup</c>.</param>
/// <param name="Errors">Names of the set bits: <c>lowPaper</c>, <c>noPaper</c>, <c>lowToner</c>, <c>noToner</c>, <c>doorOpen</c>, <c>jammed</c>, …</param>
/// <param name="OpenAlerts">
/// All rows of prtAlertTable, said when the agent does not know what was said of the device before (it is new, or took the site over from another): what is thought to be
/// open and is not among them is closed. Null otherwise.
/// </param>
public sealed record StatusChanged(DeviceRef Device, string DeviceStatus, string PrinterStatus, IReadOnlyList<string> Errors, IReadOnlyList<OpenAlert>? OpenAlerts = null);

/// <param name="Index">As in <see cref="AlertRaised"/>.</param>
/// <param name="Code">prtAlertCode.</param>
public sealed record OpenAlert(string Index, int Code);

/// <summary><c>fleet.edge.alert-raised.v1</c>: a row appeared in prtAlertTable.</summary>
/// <param name="Index">prtAlertIndex with hrDeviceIndex, <c>1.17</c>.</param>
/// <param name="Severity">PrtAlertSeverityLevelTC name or <c>other</c>.</param>
/// <param name="Group">PrtAlertGroupTC name, or the number as text when outside the enumeration.</param>
/// <param name="Code">prtAlertCode, a number: vendors go outside the enumeration.</param>
public sealed record AlertRaised(DeviceRef Device, string Index, string Severity, string Group, int GroupIndex, int Code, string Description);

/// <summary><c>fleet.edge.alert-cleared.v1</c>: the row is gone.</summary>
public sealed record AlertCleared(DeviceRef Device, string Index, int Code);

/// <summary><c>fleet.edge.agent-health.v1</c>: the agent about itself. accepted = sent + kept + refused.</summary>
/// <param name="Discovery">The last sweep of address ranges, when there is one; counts only, no address and no device.</param>
/// <param name="StandbyFor">The agent that reports from the site while this one waits to take over; null when this one does.</param>
public sealed record AgentHealth(
    string Version, long UptimeSeconds, int Devices, long Accepted, long Sent, long Kept, long Refused, DiscoveryHealth? Discovery = null, string? StandbyFor = null);

/// <summary>What a sweep of the agent's address ranges came to. New, moved and vanished against the sweep before it.</summary>
/// <param name="At">When it began.</param>
/// <param name="Asked">Addresses.</param>
/// <param name="LeftOut">What answered and is no printer.</param>
public sealed record DiscoveryHealth(
    DateTimeOffset At, int Asked, int Answered, int Printers, IReadOnlyList<KindCount> LeftOut, int New, int Moved, int Vanished);

/// <param name="Kind"><c>scanner</c>, <c>network</c>, <c>ups</c>, <c>computer</c> or <c>other</c>.</param>
public sealed record KindCount(string Kind, int Count);
