using System.Net;
using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Snmp;
using Fleet.Snmp.Usm;

namespace Fleet.Agents.Tests;

/// <summary>What opens a device, from the configuration file and the places it points to.</summary>
public class AgentCredentialTests
{
    private const string Before = """
        {
          "tenant": "acme", "site": "hq", "agentId": "acme-hq", "broker": { "host": "localhost" },
          "tokenUrl": "http://127.0.0.1:8080/oauth/token", "clientId": "acme-hq", "secretFile": "/s", "stateDir": "/st",
          "targets": [ { "address": "127.0.0.5" }, { "address": "127.0.0.6", "credential": "office" }, { "address": "127.0.0.7", "credential": "old" } ],
          "traps": { "credentials": [ "office", "old" ], "port": 1162 },
          "ranges": [ { "addresses": "127.0.1.0/24", "credential": "office" }, { "addresses": "127.0.2.0/24" } ],
          "credentials": {
            "office": { "version": "v3", "user": "fleet", "auth": { "protocol": "sha-256", "file": "AUTHFILE" }, "priv": { "protocol": "AES-256-C", "env": "PRIV" }, "context": "hall" },
            "old": { "version": "v1", "community": { "env": "OLD" } }
          }
        }
        """;

    private string authFile = "";

    [SetUp]
    public void Write() => File.WriteAllText(authFile = Path.GetTempFileName(), "auth passphrase\n");

    [TearDown]
    public void Delete() => File.Delete(authFile);

    private AgentConfig Parse(string json) =>
        ReadConfig.Parse(json.Replace("AUTHFILE", authFile, StringComparison.Ordinal), name => name switch { "PRIV" => "priv passphrase", "OLD" => "museum", "SHORT" => "short", _ => null });

    [Test]
    public void A_target_is_opened_by_the_credential_it_names()
    {
        var targets = Parse(Before).Targets!.Select(target => Target.Of(target, []).Snmp.Credential).ToList();
        Assert.That(targets[0], Is.EqualTo(SnmpCredential.V2C("public")).Using<SnmpCredential>(Same));
        Assert.That(targets[1], Is.EqualTo(SnmpCredential.V3("fleet", new(UsmAuthProtocol.Sha256, new("auth passphrase")), new(UsmPrivProtocol.Aes256Reeder, new("priv passphrase")), "hall")));
        Assert.That(targets[2], Is.EqualTo(SnmpCredential.V1("museum")).Using<SnmpCredential>(Same));
    }

    [Test]
    public void What_is_found_in_a_range_is_opened_as_the_range_is()
    {
        var (office, plain) = (Parse(Before).Ranges![0], Parse(Before).Ranges![1]);
        Assert.That(office.At(IPAddress.Parse("127.0.1.7")).Opens, Is.EqualTo(office.Opens));
        Assert.That(Target.Of(office.At(IPAddress.Parse("127.0.1.7")), []).Snmp.Credential.ToString(), Is.EqualTo("V3 user fleet, AuthPriv"));
        Assert.That(plain.At(IPAddress.Parse("127.0.2.7")).Opens.ToString(), Is.EqualTo("V2C community"));
    }

    [Test]
    public void Nothing_listens_unless_it_is_asked_for()
    {
        Assert.That(Parse(Before).Traps!.Opens.Select(one => one.ToString()), Is.EqualTo(new[] { "V3 user fleet, AuthPriv", "V1 community" }));
        Assert.That(Parse(Before.Replace("\"traps\": { \"credentials\": [ \"office\", \"old\" ], \"port\": 1162 },", "", StringComparison.Ordinal)).Traps, Is.Null);
    }

    [Test]
    public void Another_credential_is_another_target()
    {
        var named = Target.Of(Parse(Before).Targets![1], [1]).Name;
        Assert.That(Target.Of(new("127.0.0.6"), [1]).Name, Is.Not.EqualTo(named));
        Assert.That(Target.Of(new("127.0.0.6"), [1]).Name, Is.EqualTo(Target.NameOf("127.0.0.6:161/public", [1])), "what the state directory knows already");
    }

    [TestCase("\"credential\": \"office\" }, { \"address\": \"127.0.0.7", "\"credential\": \"offic\" }, { \"address\": \"127.0.0.7", "targets[1].credential: there is no credentials.offic")]
    [TestCase("127.0.2.0/24\"", "127.0.2.0/24\", \"credential\": \"non\"", "ranges[1].credential: there is no credentials.non")]
    [TestCase("[ \"office\", \"old\" ]", "[ \"office\", \"new\" ]", "traps.credential: there is no credentials.new")]
    [TestCase("[ \"office\", \"old\" ]", "[]", "traps.credentials: names none")]
    [TestCase("[ \"office\", \"old\" ]", "[ \"office\", \"office\" ]", "traps.credentials: two of them are of user fleet")]
    [TestCase("\"port\": 1162", "\"port\": 0", "traps.port: 0 is no port")]
    [TestCase("\"port\": 1162", "\"address\": \"eth0\"", "traps.address: 'eth0' is no IP address")]
    [TestCase("sha-256", "SHA3", "credentials.office.auth.protocol: 'SHA3' is none of MD5, SHA, SHA-224")]
    [TestCase("AES-256-C", "3DES", "credentials.office.priv.protocol: '3DES' is none of DES, AES")]
    [TestCase("\"file\": \"AUTHFILE\"", "\"file\": \"/nowhere/at-all\"", "credentials.office.auth.file: Could not find")]
    [TestCase("\"file\": \"AUTHFILE\"", "\"env\": \"GONE\"", "credentials.office.auth.env: there is no environment variable GONE")]
    [TestCase("\"file\": \"AUTHFILE\"", "\"env\": \"SHORT\"", "credentials.office.auth: A passphrase has 8 to 1024 octets, not 5")]
    [TestCase(", \"file\": \"AUTHFILE\"", "", "credentials.office.auth: wants either file or env")]
    [TestCase("\"env\": \"PRIV\"", "\"env\": \"PRIV\", \"file\": \"AUTHFILE\"", "credentials.office.priv: wants either file or env")]
    [TestCase("\"auth\": { \"protocol\": \"sha-256\", \"file\": \"AUTHFILE\" }, ", "", "credentials.office.priv: SNMPv3 has no privacy without auth")]
    [TestCase("\"user\": \"fleet\", ", "", "credentials.office.user: is missing")]
    [TestCase("\"user\": \"fleet\"", "\"user\": \"\"", "credentials.office.user: A security name has 1 to 32 octets")]
    [TestCase("\"version\": \"v3\"", "\"version\": \"3\"", "credentials.office.version: '3' is none of v1, v2c, v3")]
    [TestCase("\"version\": \"v3\"", "\"version\": \"v2c\"", "credentials.office: user, auth, priv and context belong to version v3")]
    [TestCase("\"version\": \"v1\", \"community\": { \"env\": \"OLD\" }", "\"version\": \"v1\"", "credentials.old.community: is missing")]
    [TestCase("\"env\": \"PRIV\"", "\"passphrase\": \"plain to read\"", "passphrase")]
    public void What_is_wrong_is_named_in_one_line_without_the_secret(string text, string instead, string says)
    {
        var wrong = Assert.Throws<ConfigException>(() => Parse(Before.Replace(text, instead, StringComparison.Ordinal)));
        Assert.That(wrong!.Message, Does.Contain(says).And.Not.Contain("\n").And.Not.Contain("short").And.Not.Contain("plain to read").And.Not.Contain("auth passphrase"));
    }

    [Test]
    public void A_configuration_that_is_printed_shows_no_secret() =>
        Assert.That($"{Parse(Before)} {string.Join(' ', Parse(Before).Targets!)}", Does.Not.Contain("passphrase\"").And.Not.Contain("auth passphrase").And.Not.Contain("priv passphrase").And.Not.Contain("museum"));

    private static bool Same(SnmpCredential a, SnmpCredential b) =>
        a is SnmpCredential.Community one && b is SnmpCredential.Community other && one.Version == other.Version && one.Name.Span.SequenceEqual(other.Name.Span);
}
