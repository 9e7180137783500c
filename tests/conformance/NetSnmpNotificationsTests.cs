using System.Diagnostics;
using System.Net;
using Fleet.Snmp;
using Fleet.Snmp.Notifications;
using Fleet.Snmp.Usm;

namespace Fleet.Conformance.Tests;

/// <summary>net-snmp's snmptrap and snmpinform as senders: each version, each level, and what must not be taken.</summary>
public class NetSnmpNotificationsTests
{
    private const string Auth = "auth passphrase", Priv = "priv passphrase", ColdStart = "1.3.6.1.6.3.1.1.5.1", Sender = "80001f8804cafe0001";
    private static readonly Oid SysLocation = Oid.Parse("1.3.6.1.2.1.1.6.0");
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static readonly SnmpCredential V1 = SnmpCredential.V1("alarms"), V2C = SnmpCredential.V2C("alarms"),
        ShaAes = SnmpCredential.V3("sha-aes", new(UsmAuthProtocol.Sha1, new(Auth)), new(UsmPrivProtocol.Aes128, new(Priv))),
        Sha512Aes256 = SnmpCredential.V3("sha512-aes256", new(UsmAuthProtocol.Sha512, new(Auth)), new(UsmPrivProtocol.Aes256, new(Priv))),
        Md5Des = SnmpCredential.V3("md5-des", new(UsmAuthProtocol.Md5, new(Auth)), new(UsmPrivProtocol.Des, new(Priv))),
        Sha256 = SnmpCredential.V3("sha256", new(UsmAuthProtocol.Sha256, new(Auth)));

    private static readonly object[] Senders =
    [
        new object[] { V2C, new[] { "-v2c", "-c", "alarms" } },
        new object[] { ShaAes, new[] { "-v3", "-l", "authPriv", "-u", "sha-aes", "-a", "SHA", "-A", Auth, "-x", "AES", "-X", Priv } },
        new object[] { Sha512Aes256, new[] { "-v3", "-l", "authPriv", "-u", "sha512-aes256", "-a", "SHA-512", "-A", Auth, "-x", "AES-256", "-X", Priv } },
        new object[] { Md5Des, new[] { "-v3", "-l", "authPriv", "-u", "md5-des", "-a", "MD5", "-A", Auth, "-x", "DES", "-X", Priv } },
        new object[] { Sha256, new[] { "-v3", "-l", "authNoPriv", "-u", "sha256", "-a", "SHA-256", "-A", Auth } }
    ];

    private SnmpListener? listener;

    [SetUp]
    public void Listen() => listener = new(
        new(new(IPAddress.Loopback, 0), [V1, V2C, ShaAes, Sha512Aes256, Md5Des, Sha256], SnmpEngineId.Of(8072, "listener"u8), EngineBoots: 3), TestClock.Real, new Random(7));

    [TearDown]
    public void Stop() => listener?.Dispose();

    [TestCaseSource(nameof(Senders))]
    public async Task A_trap_is_taken(SnmpCredential credential, string[] as_)
    {
        Assert.That((await SendAsync("snmptrap", [.. as_, "-e", Sender])).ExitCode, Is.Zero);
        var trap = await NextAsync();
        Assert.That((trap.Kind, trap.AcceptedBy, trap.Name.ToString(), trap.UpTime), Is.EqualTo((SnmpNotificationKind.Trap, credential, ColdStart, TimeSpan.FromMilliseconds(12340))));
        Assert.That(trap.VarBinds[^1], Is.EqualTo(new VarBind(SysLocation, SnmpValue.OctetString("Cellar 2"))));
        Assert.That(trap.EngineId.ToString(), Is.EqualTo(credential is SnmpCredential.User ? Sender : ""));
    }

    [TestCaseSource(nameof(Senders))]
    public async Task An_inform_is_taken_once_and_answered(SnmpCredential credential, string[] as_)
    {
        var sent = await SendAsync("snmpinform", as_);
        Assert.That((sent.ExitCode, sent.Said), Is.EqualTo((0, "")), "snmpinform fails when nobody answers");
        var inform = await NextAsync();
        Assert.That((inform.Kind, inform.AcceptedBy, inform.Name.ToString()), Is.EqualTo((SnmpNotificationKind.Inform, credential, ColdStart)));
        Assert.That(listener!.Notifications.TryRead(out _), Is.False);
    }

    [Test]
    public async Task A_trap_of_version_1_is_translated()
    {
        await RunAsync("snmptrap", "-v1", "-c", "alarms", listener!.EndPoint.ToString(), "1.3.6.1.4.1.2435.2.3.9.1", "10.1.2.3", "6", "17", "1234", $"{SysLocation}", "s", "Cellar 2");
        var trap = await NextAsync();
        Assert.That((trap.Kind, trap.Name.ToString(), trap.UpTime), Is.EqualTo((SnmpNotificationKind.TrapV1, "1.3.6.1.4.1.2435.2.3.9.1.0.17", TimeSpan.FromMilliseconds(12340))));
        Assert.That(trap.VarBinds.Select(v => v.Value).TakeLast(3), Is.EqualTo(new[]
        {
            SnmpValue.OctetString("Cellar 2"), SnmpValue.IpAddress(IPAddress.Parse("10.1.2.3")), SnmpValue.Oid(Oid.Parse("1.3.6.1.4.1.2435.2.3.9.1"))
        }));
    }

    private static readonly object[] Strangers =
    [
        new[] { "-v2c", "-c", "public" },
        new[] { "-v3", "-l", "authPriv", "-u", "sha-aes", "-a", "SHA", "-A", "another passphrase", "-x", "AES", "-X", Priv },
        new[] { "-v3", "-l", "authPriv", "-u", "sha-aes", "-a", "SHA", "-A", Auth, "-x", "AES", "-X", "another passphrase" },
        new[] { "-v3", "-l", "authNoPriv", "-u", "sha-aes", "-a", "SHA", "-A", Auth },
        new[] { "-v3", "-l", "noAuthNoPriv", "-u", "sha256" },
        new[] { "-v3", "-l", "noAuthNoPriv", "-u", "stranger" }
    ];

    [TestCaseSource(nameof(Strangers))]
    public async Task Who_is_not_accepted_is_not_heard(string[] as_)
    {
        await SendAsync("snmptrap", [.. as_, "-e", Sender]);
        Assert.That((await SendAsync("snmpinform", as_)).ExitCode, Is.Not.Zero, "an inform that was not taken must not be acknowledged");
        await SendAsync("snmptrap", "-v2c", "-c", "alarms");
        Assert.That((await NextAsync()).AcceptedBy, Is.EqualTo(V2C), "the first that is heard is the one accepted");
    }

    private async Task<SnmpNotification> NextAsync()
    {
        using var deadline = new CancellationTokenSource(Bound);
        return await listener!.Notifications.ReadAsync(deadline.Token);
    }

    private Task<(int ExitCode, string Said)> SendAsync(string tool, params string[] as_) =>
        RunAsync(tool, [.. as_, "-t", "1", "-r", "0", listener!.EndPoint.ToString(), "1234", ColdStart, $"{SysLocation}", "s", "Cellar 2"]);

    private static async Task<(int ExitCode, string Said)> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Needs.Program(tool), ["-m", "", .. arguments]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said.Trim());
    }
}
