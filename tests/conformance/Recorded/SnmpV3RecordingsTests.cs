using Fleet.Snmp;
using Fleet.Snmp.Usm;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>snmpsimd over SNMPv3: the recording is chosen by the context name, the user is its own default.</summary>
public class SnmpV3RecordingsTests
{
    private static readonly UsmAuthentication Auth = new(UsmAuthProtocol.Md5, new("auctoritas"));
    private static readonly UsmPrivacy Priv = new(UsmPrivProtocol.Des, new("privatus"));

    [TestCase("sharp")]
    [TestCase("pm-kyocera-p2040")]
    public async Task A_device_read_over_v3_is_the_device_read_over_v2c(string recording)
    {
        using var client = Ask.Client();
        var v3 = await Ask.ReadAsync(client, Target(SnmpCredential.V3("simulator", Auth, Priv, contextName: recording)));
        var v2c = await Ask.ReadAsync(client, Ask.Target(Simulator.Peer.EndPoint, recording));
        Assert.That((v3.Outcome, v3.Serial, v3.Model), Is.EqualTo((SnmpOutcome.Answered, v2c.Serial, v2c.Model)));
        Assert.That(v3.Counters, Is.EqualTo(v2c.Counters));
        Assert.That(v3.Counters, Is.Not.Empty);
    }

    [Test]
    public async Task The_wrong_passphrase_reads_nothing()
    {
        using var client = Ask.Client();
        var wrong = SnmpCredential.V3("simulator", Auth with { Passphrase = new("auctoritaz") }, Priv, contextName: "sharp");
        var reply = await client.GetAsync(new(Simulator.Peer.EndPoint, wrong, new(TimeSpan.FromSeconds(1), 0)), [Oid.Parse("1.3.6.1.2.1.1.1.0")]);
        Assert.That(reply.Outcome, Is.EqualTo(SnmpOutcome.WrongDigest).Or.EqualTo(SnmpOutcome.TimedOut));
        Assert.That(reply.VarBinds, Has.All.Matches<VarBind>(v => v.Value.IsMissing));
    }

    private static SnmpTarget Target(SnmpCredential credential) => new(Simulator.Peer.EndPoint, credential, new(TimeSpan.FromSeconds(5), 2));
}
