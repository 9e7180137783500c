using Fleet.Snmp;
using Fleet.Snmp.Usm;

namespace Fleet.Conformance.Tests;

/// <summary>SNMPv3 against net-snmp's snmpd: every protocol it has, and what it says when we are wrong.</summary>
public class NetSnmpV3Tests
{
    private const string AuthPass = "auth passphrase", PrivPass = "priv passphrase";
    private static readonly Oid System = Oid.Parse("1.3.6.1.2.1.1"), SysLocation = System.Append(6, 0), SysUpTime = System.Append(3, 0);
    private static readonly SnmpPatience Patient = new(TimeSpan.FromSeconds(5), 1);

    private static readonly (string Name, UsmAuthProtocol? Auth, string AuthWord, UsmPrivProtocol? Priv, string PrivWord)[] Users =
    [
        ("nobody", null, "", null, ""),
        ("md5", UsmAuthProtocol.Md5, "MD5", null, ""),
        ("md5-des", UsmAuthProtocol.Md5, "MD5", UsmPrivProtocol.Des, "DES"),
        ("sha-aes", UsmAuthProtocol.Sha1, "SHA", UsmPrivProtocol.Aes128, "AES"),
        ("sha224-aes", UsmAuthProtocol.Sha224, "SHA-224", UsmPrivProtocol.Aes128, "AES"),
        ("sha256-aes", UsmAuthProtocol.Sha256, "SHA-256", UsmPrivProtocol.Aes128, "AES"),
        ("sha384-aes192", UsmAuthProtocol.Sha384, "SHA-384", UsmPrivProtocol.Aes192, "AES-192"),
        ("sha512-aes256", UsmAuthProtocol.Sha512, "SHA-512", UsmPrivProtocol.Aes256, "AES-256"),
        ("md5-aes192", UsmAuthProtocol.Md5, "MD5", UsmPrivProtocol.Aes192, "AES-192"),
        ("sha-aes256", UsmAuthProtocol.Sha1, "SHA", UsmPrivProtocol.Aes256, "AES-256"),
        ("sha-aes192c", UsmAuthProtocol.Sha1, "SHA", UsmPrivProtocol.Aes192Reeder, "AES-192-C"),
        ("md5-aes256c", UsmAuthProtocol.Md5, "MD5", UsmPrivProtocol.Aes256Reeder, "AES-256-C")
    ];

    private static IEnumerable<string> Names => Users.Select(user => user.Name);

    private Peer? snmpd;

    [OneTimeSetUp]
    public async Task Start() =>
        snmpd = await Peer.StartAsync(Needs.Program("snmpd"), (folder, endPoint) =>
        {
            var configuration = Path.Combine(folder, "snmpd.conf");
            File.WriteAllLines(configuration,
            [
                $"[snmp] persistentDir {folder}", "[snmpd]", "rocommunity public 127.0.0.1", "sysLocation Cellar 2",
                .. Users.Select(user => $"createUser {user.Name} {user.AuthWord} {(user.Auth is null ? "" : $"\"{AuthPass}\"")} {user.PrivWord} {(user.Priv is null ? "" : $"\"{PrivPass}\"")}"),
                .. Users.Select(user => $"rouser {user.Name} {(user.Auth is null ? "noauth" : user.Priv is null ? "auth" : "priv")}")
            ]);
            return ["-f", "-Lo", "-C", "-c", configuration, "-p", Path.Combine(folder, "snmpd.pid"), $"udp:{endPoint}"];
        }, community: "public");

    [OneTimeTearDown]
    public void Stop() => snmpd?.Dispose();

    [TestCaseSource(nameof(Names))]
    public async Task A_walk_with_each_protocol_sees_what_v2c_sees(string name)
    {
        using var client = Ask.Client();
        var walk = await client.WalkAsync(Target(Credential(name)), System);
        var plain = await client.WalkAsync(Ask.Target(snmpd!.EndPoint, "public"), System);
        Assert.That(walk.Outcome, Is.EqualTo(SnmpOutcome.Answered));
        Assert.That(walk.VarBinds.Select(v => v.Name), Is.EqualTo(plain.VarBinds.Select(v => v.Name)));
        Assert.That(walk.VarBinds.First(v => v.Name == SysLocation).Value, Is.EqualTo(SnmpValue.OctetString("Cellar 2")));
    }

    [Test]
    public async Task What_is_wrong_is_said_in_plain_words()
    {
        using var client = Ask.Client();
        Assert.Multiple(async () =>
        {
            Assert.That(await OutcomeAsync(SnmpCredential.V3("stranger", new(UsmAuthProtocol.Sha1, new(AuthPass)))), Is.EqualTo(SnmpOutcome.UnknownUser));
            Assert.That(await OutcomeAsync(Credential("sha-aes", authPass: "another passphrase")), Is.EqualTo(SnmpOutcome.WrongDigest));
            Assert.That(await OutcomeAsync(SnmpCredential.V3("sha-aes", new(UsmAuthProtocol.Sha256, new(AuthPass)))), Is.EqualTo(SnmpOutcome.WrongDigest), "right passphrase, wrong protocol");
            Assert.That(await OutcomeAsync(SnmpCredential.V3("md5", new(UsmAuthProtocol.Md5, new(AuthPass)), new(UsmPrivProtocol.Des, new(PrivPass)))), Is.EqualTo(SnmpOutcome.UnsupportedSecurityLevel));
            Assert.That(await OutcomeAsync(Credential("sha-aes")), Is.EqualTo(SnmpOutcome.Answered), "and the right one still works");
        });

        async Task<SnmpOutcome> OutcomeAsync(SnmpCredential credential) => (await client.GetAsync(Target(credential), [SysUpTime])).Outcome;
    }

    // snmpd 5.9 says nothing here; the scripted engine of the agents' tests sends the reports the RFC has for it.
    [Test]
    public async Task A_wrong_privacy_passphrase_and_an_unknown_context_are_silence_to_snmpd()
    {
        using var client = Ask.Client();
        foreach (var credential in new[] { Credential("sha-aes", privPass: "another passphrase"), SnmpCredential.V3("nobody", contextName: "cellar") })
        {
            var reply = await client.GetAsync(new(snmpd!.EndPoint, credential, new(TimeSpan.FromMilliseconds(500), 0)), [SysUpTime]);
            Assert.That(reply.Outcome, Is.EqualTo(SnmpOutcome.TimedOut));
        }
    }

    [Test]
    public async Task A_clock_that_ran_away_is_set_by_the_device()
    {
        var clock = new JumpingClock();
        using var client = new SnmpClient(new(), clock, new Random(7));
        var target = Target(Credential("sha256-aes"));
        foreach (var seconds in new[] { 0, 10_000, 100, 1_000 })
        {
            clock.Ahead += TimeSpan.FromSeconds(seconds);
            Assert.That((await client.GetAsync(target, [SysUpTime])).Outcome, Is.EqualTo(SnmpOutcome.Answered), $"after {seconds} s");
        }
    }

    private SnmpTarget Target(SnmpCredential credential) => new(snmpd!.EndPoint, credential, Patient);

    private static SnmpCredential Credential(string name, string authPass = AuthPass, string privPass = PrivPass)
    {
        var user = Users.Single(user => user.Name == name);
        return SnmpCredential.V3(name, user.Auth is { } auth ? new(auth, new(authPass)) : null, user.Priv is { } priv ? new(priv, new(privPass)) : null);
    }

    private sealed class JumpingClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long GetTimestamp() => TestClock.Real.GetTimestamp() + (long)(Ahead.TotalSeconds * TestClock.Real.TimestampFrequency);
    }
}
