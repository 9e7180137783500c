using System.Net;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Conformance.Tests;

/// <summary>The composition root of these tests: real sockets, the real clock.</summary>
internal static class Ask
{
#pragma warning disable RS0030 // real peers answer in real time
    public static SnmpClient Client(SnmpClientOptions? options = null) => new(options ?? Probe.Asking, TimeProvider.System, new Random(7));
#pragma warning restore RS0030

    // snmpsimd answers a few thousand variables a second and takes its time with the first.
    public static SnmpTarget Target(IPEndPoint peer, string community, SnmpVersion version = SnmpVersion.V2C) =>
        new(peer, version is SnmpVersion.V1 ? SnmpCredential.V1(community) : SnmpCredential.V2C(community), new(TimeSpan.FromSeconds(5), 2));

    public static Task<PrinterReading> ReadAsync(SnmpClient client, SnmpTarget target, FieldGroups allowed = FieldGroups.All) =>
        new Probe(client, Profiles.BuiltIn).ReadAsync(target, allowed);
}
