using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>A made-up device, object by object, in the words of the MIBs.</summary>
internal sealed class PrintersDevice : Dictionary<string, SnmpValue>
{
    private const string Supplies = "1.3.6.1.2.1.43.11.1.1.";

    public PrintersDevice Is(string sysObjectId, string sysDescr)
    {
        this["1.3.6.1.2.1.1.1.0"] = SnmpValue.OctetString(sysDescr);
        this["1.3.6.1.2.1.1.2.0"] = SnmpValue.Oid(Oid.Parse(sysObjectId));
        return this;
    }

    public PrintersDevice Has(string oid, SnmpValue value)
    {
        this[oid] = value;
        return this;
    }

    public PrintersDevice Has(string oid, int value) => Has(oid, SnmpValue.Integer32(value));

    public PrintersDevice Has(string oid, string value) => Has(oid, SnmpValue.OctetString(value));

    public PrintersDevice Supply(string slot, int level, int capacity, string description = "Toner", int type = 3) =>
        Has($"{Supplies}5.{slot}", type).Has($"{Supplies}6.{slot}", description).Has($"{Supplies}8.{slot}", capacity).Has($"{Supplies}9.{slot}", level);

    /// <summary>hrDeviceTable row: 5 printer, 1 other, 4 network …</summary>
    public PrintersDevice Row(uint index, uint kind) => Has($"1.3.6.1.2.1.25.3.2.1.2.{index}", SnmpValue.Oid(Oid.Parse($"1.3.6.1.2.1.25.3.1.{kind}")));

    public async Task<PrinterReading> ReadAsync(Profiles? profiles = null, FieldGroups allowed = FieldGroups.All)
    {
        using var agent = SnmpScriptedDevice.Holding(this);
        return await ReadAsync(agent, profiles, allowed);
    }

    public static async Task<PrinterReading> ReadAsync(SnmpScriptedDevice agent, Profiles? profiles = null, FieldGroups allowed = FieldGroups.All)
    {
        using var client = new SnmpClient(new(), new SnmpManualClock(), new Random(3));
        return await new Probe(client, profiles ?? Profiles.BuiltIn).ReadAsync(agent.Target(), allowed).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
