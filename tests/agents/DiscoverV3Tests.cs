using System.Net;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;
using Fleet.Printers;
using Fleet.Snmp;
using Fleet.Snmp.Usm;

namespace Fleet.Agents.Tests;

/// <summary>A range may be opened by an SNMPv3 user; who is there and does not let it in is counted, not overlooked.</summary>
public class DiscoverV3Tests
{
    private static readonly SnmpCredential Right = SnmpCredential.V3("fleet", new(UsmAuthProtocol.Sha256, new("auth passphrase")), new(UsmPrivProtocol.Aes128, new("priv passphrase"))),
        Wrong = SnmpCredential.V3("fleet", new(UsmAuthProtocol.Sha256, new("another passphrase")), new(UsmPrivProtocol.Aes128, new("priv passphrase")));

    private static readonly Dictionary<string, SnmpValue> Printer = new()
    {
        ["1.3.6.1.2.1.1.1.0"] = SnmpValue.OctetString("A printer"),
        ["1.3.6.1.2.1.1.2.0"] = SnmpValue.Oid(Oid.Parse("1.3.6.1.4.1.2435.2.3.9.1")),
        ["1.3.6.1.2.1.25.3.2.1.2.1"] = SnmpValue.Oid(Oid.Parse("1.3.6.1.2.1.25.3.1.5"))
    };

    [TestCase(true, 1, 0)]
    [TestCase(false, 0, 1)]
    public async Task A_printer_is_found_by_who_may_ask_it(bool isRight, int found, int denied)
    {
        using var device = new SnmpV3Device(Printer, AgentSamples.SystemClock, Right);
        using var client = new SnmpClient(new(), AgentSamples.SystemClock, new Random(3));
        var sweep = new SweepRanges(new(client, Profiles.BuiltIn), (_, _) => Task.FromResult<IPAddress[]>([]), AgentSamples.SystemClock);
        var range = new RangeConfig("127.0.0.1", device.Target().EndPoint.Port) { Opens = isRight ? Right : Wrong };
        var swept = await sweep.RunAsync([range], FieldGroups.All, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That((swept.Asked, swept.Answering.Count, swept.Denied), Is.EqualTo((1, found, denied)));
        Assert.That(swept.Answering.Select(one => (one.Kind, one.Target.Opens)), Is.All.EqualTo((DeviceKind.Printer, Right)));
    }
}
