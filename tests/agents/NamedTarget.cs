using Fleet.Agent.Polling;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>A test's device as the agent has it on its list.</summary>
internal static class NamedTarget
{
    public static Target Named(this SnmpTarget device, string name) =>
        new(name, device.EndPoint.Address.ToString(), device.EndPoint.Port, device.Credential) { Patience = device.Patience };
}
