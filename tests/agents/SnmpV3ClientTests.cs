using Fleet.Snmp;
using Fleet.Snmp.Usm;
using Fleet.Snmp.V3;

namespace Fleet.Agents.Tests;

/// <summary>Discovery, time, reports and forgeries, seen from the client (RFC 3414 §3, §4; RFC 3412 §7).</summary>
public class SnmpV3ClientTests
{
    private static readonly Oid SysDescr = Oid.Parse("1.3.6.1.2.1.1.1.0");
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static readonly SnmpCredential.User Fleet = new("fleet", new(UsmAuthProtocol.Sha256, new("auth passphrase")), new(UsmPrivProtocol.Aes128, new("priv passphrase")));
    private static readonly SnmpCredential.User Reader = new("reader", new(UsmAuthProtocol.Sha224, new("auth passphrase")));
    private static readonly SnmpCredential.User Guest = new("guest");

    private readonly SnmpManualClock clock = new();
    private SnmpV3Device device = null!;
    private SnmpClient client = null!;

    [SetUp]
    public void Start() => (device, client) = (new(SnmpClientTests.Objects, clock, Fleet, Reader, Guest), new(new(), clock, new Random(42)));

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        device.Dispose();
    }

    private Task<SnmpReply> GetAsync(SnmpCredential? user = null) => client.GetAsync(device.Target(user), [SysDescr]).WaitAsync(Bound);

    private async Task AnswersInAsync(int datagrams, string why)
    {
        var reply = await GetAsync();
        Assert.That((reply.Outcome, reply.VarBinds[0].Value), Is.EqualTo((SnmpOutcome.Answered, SnmpValue.OctetString("A printer"))), why);
        Assert.That(device.Datagrams(), Is.EqualTo(datagrams), why);
    }

    [Test]
    public async Task The_engine_is_discovered_once()
    {
        await AnswersInAsync(2, "discovery and the question");
        await AnswersInAsync(1, "the question");
    }

    [Test]
    public async Task Every_level_is_answered()
    {
        foreach (var user in new[] { Fleet, Reader, Guest, Fleet }) Assert.That((await GetAsync(user)).Outcome, Is.EqualTo(SnmpOutcome.Answered), user.ToString());
        Assert.That(device.Datagrams(), Is.EqualTo(5), "one discovery serves all users");
    }

    [Test]
    public async Task A_restarted_device_sets_our_clock_and_is_asked_once_more()
    {
        await AnswersInAsync(2, "first");
        clock.Advance(TimeSpan.FromHours(1));
        device.Start(SnmpV3Device.FirstEngine, boots: 2);
        await AnswersInAsync(2, "told that the time is wrong, and again");
        await AnswersInAsync(1, "its time is known");
    }

    [Test]
    public async Task A_device_put_in_anothers_place_is_discovered_again()
    {
        await AnswersInAsync(2, "first");
        device.Start(SnmpV3Device.OtherEngine, boots: 1);
        await AnswersInAsync(3, "unknown engine, discovery, and again");
    }

    [Test]
    public async Task A_device_that_forgot_how_often_it_started_is_discovered_again()
    {
        device.Start(SnmpV3Device.FirstEngine, boots: 9);
        clock.Advance(TimeSpan.FromHours(1));
        await AnswersInAsync(2, "first");
        device.Start(SnmpV3Device.FirstEngine, boots: 1);
        await AnswersInAsync(3, "not in time, discovery, and again");
    }

    [Test]
    public async Task A_device_whose_time_never_fits_is_given_up()
    {
        await AnswersInAsync(2, "first");
        var boots = 1;
        device.Instead = (message, answer) =>
        {
            device.Start(SnmpV3Device.FirstEngine, ++boots);
            return answer is null ? [] : [answer];
        };
        device.Start(SnmpV3Device.FirstEngine, ++boots);
        Assert.That((await GetAsync()).Outcome, Is.EqualTo(SnmpOutcome.NotInTimeWindow));
        Assert.That(device.Datagrams(), Is.EqualTo(2), "resynchronised once");
    }

    [Test]
    public async Task After_silence_the_device_may_be_another()
    {
        await AnswersInAsync(2, "first");
        device.Instead = (_, _) => [];
        var silent = GetAsync();
        await Eventually(() => device.Datagrams() == 1);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.That((await silent).Outcome, Is.EqualTo(SnmpOutcome.TimedOut));
        device.Instead = null;
        await AnswersInAsync(2, "discovered again");
    }

    private static readonly object[] ReportsAndMeanings =
    [
        new object[] { "1.3.6.1.6.3.15.1.1.1.0", SnmpOutcome.UnsupportedSecurityLevel },
        new object[] { "1.3.6.1.6.3.15.1.1.3.0", SnmpOutcome.UnknownUser },
        new object[] { "1.3.6.1.6.3.15.1.1.4.0", SnmpOutcome.UnknownEngine },
        new object[] { "1.3.6.1.6.3.15.1.1.5.0", SnmpOutcome.WrongDigest },
        new object[] { "1.3.6.1.6.3.15.1.1.6.0", SnmpOutcome.DecryptionError },
        new object[] { "1.3.6.1.6.3.12.1.5.0", SnmpOutcome.UnknownContext },
        new object[] { "1.3.6.1.6.3.11.2.1.3.0", SnmpOutcome.UnknownContext },
        new object[] { "1.3.6.1.4.1.9.9.9.0", SnmpOutcome.Refused }
    ];

    [TestCaseSource(nameof(ReportsAndMeanings))]
    public async Task A_report_is_said_in_plain_words(string counter, SnmpOutcome meaning)
    {
        device.Instead = (message, answer) => message is null ? [answer!] : [Plain(message.Id, Report(counter))];
        Assert.That((await GetAsync()).Outcome, Is.EqualTo(meaning));
        Assert.That(device.Datagrams(), Is.LessThanOrEqualTo(4));
    }

    [Test]
    public async Task Who_is_wrong_hears_why()
    {
        Assert.That((await GetAsync(SnmpCredential.V3("stranger"))).Outcome, Is.EqualTo(SnmpOutcome.UnknownUser));
        Assert.That((await GetAsync(SnmpCredential.V3("fleet", new(UsmAuthProtocol.Sha256, new("another passphrase")), Fleet.Privacy))).Outcome, Is.EqualTo(SnmpOutcome.WrongDigest));
        Assert.That((await GetAsync(SnmpCredential.V3("fleet", Fleet.Authentication, new(UsmPrivProtocol.Aes128, new("another passphrase"))))).Outcome, Is.EqualTo(SnmpOutcome.DecryptionError));
        Assert.That((await GetAsync(SnmpCredential.V3("reader", Reader.Authentication, Fleet.Privacy))).Outcome, Is.EqualTo(SnmpOutcome.UnsupportedSecurityLevel));
        Assert.That((await GetAsync()).Outcome, Is.EqualTo(SnmpOutcome.Answered));
    }

    // Right id, right source, right user; what is missing is the key.
    private static readonly Func<SnmpV3Device, UsmReceiver.Message, byte[], byte[]>[] Forgeries =
    [
        (_, message, _) => Plain(message.Id, message.Scoped.Pdu.Answer([new(SysDescr, SnmpValue.OctetString("forged"))])),
        (device, message, _) => device.Usm.Reply(message with { User = new("fleet", Fleet.Authentication) }, message.Scoped.Pdu.Answer([new(SysDescr, SnmpValue.OctetString("readable"))])),
        (device, message, _) => device.Usm.Reply(message with { Id = message.Id ^ 1 }, message.Scoped.Pdu.Answer([])),
        (device, message, _) => device.Usm.Reply(message, message.Scoped.Pdu.Answer([]) with { RequestId = 4711 }),
        (device, message, _) => device.Usm.Reply(message with { Scoped = message.Scoped with { ContextName = "elsewhere" } }, message.Scoped.Pdu.Answer([])),
        (device, message, _) => device.Usm.Reply(message, message.Scoped.Pdu),
        (_, _, answer) => [.. answer[..^1], (byte)(answer[^1] ^ 1)],
        (_, message, _) => new SnmpMessage(SnmpVersion.V2C, "public"u8.ToArray(), message.Scoped.Pdu.Answer([new(SysDescr, SnmpValue.OctetString("v2c"))])).Encode()
    ];

    [Test]
    public async Task A_forged_answer_is_no_answer([Range(0, 7)] int forgery)
    {
        device.Instead = (message, answer) => message is null ? [answer!] : [Forgeries[forgery](device, message, answer!), answer!];
        var reply = await GetAsync();
        Assert.That(reply.VarBinds[0].Value, Is.EqualTo(SnmpValue.OctetString("A printer")), "the true answer comes behind it and counts");
    }

    [Test]
    public async Task A_report_nobody_signed_sets_no_clock()
    {
        await AnswersInAsync(2, "first");
        var isForged = false;
        device.Instead = (message, answer) =>
        {
            if (message is null || isForged) return [answer!];
            isForged = true;
            return [Plain(message.Id, Report("1.3.6.1.6.3.15.1.1.2.0"), boots: int.MaxValue)];
        };
        await AnswersInAsync(3, "asked who it is, and again");
        await AnswersInAsync(1, "in its own time");
    }

    [Test]
    public async Task The_transcript_names_a_question_once()
    {
        var asked = new List<SnmpPdu>();
        using var told = new SnmpClient(new() { Asked = (_, pdu) => asked.Add(pdu) }, clock, new Random(1));
        await told.GetAsync(device.Target(), [SysDescr]);
        device.Start(SnmpV3Device.FirstEngine, boots: 2);
        await told.GetAsync(device.Target(), [SysDescr]);
        Assert.That(asked.Select(pdu => pdu.VarBinds.Single().Name), Is.EqualTo(new[] { SysDescr, SysDescr }), "neither discovery nor resynchronisation asks for anything");
    }

    [Test]
    public async Task Thousands_are_in_flight_at_once()
    {
        using var many = new SnmpClient(new() { Window = 20 }, clock, new Random(1));
        var replies = await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => many.GetAsync(device.Target(), [SysDescr]))).WaitAsync(Bound);
        Assert.That(replies.Select(reply => reply.VarBinds[0].Value), Is.All.EqualTo(SnmpValue.OctetString("A printer")));
    }

    [Test]
    public void Secrets_are_not_printed()
    {
        var printed = $"{Fleet} {Fleet.Authentication} {Fleet.Privacy} {SnmpCredential.V2C("secret community")} {device.Target()}";
        Assert.That(printed, Does.Not.Contain("passphrase\"").And.Not.Contain("auth passphrase").And.Not.Contain("priv passphrase").And.Not.Contain("secret community"));
    }

    [TestCase("", "long enough")]
    [TestCase("a name of more than thirty-two octets", "long enough")]
    [TestCase("fleet", "short")]
    public void A_user_that_no_engine_can_have_is_refused(string name, string passphrase) =>
        Assert.Throws<ArgumentException>(() => SnmpCredential.V3(name, new(UsmAuthProtocol.Sha1, new(passphrase))));

    [Test]
    public void There_is_no_privacy_without_authentication() => Assert.Throws<ArgumentException>(() => SnmpCredential.V3("fleet", null, Fleet.Privacy));

    private static SnmpPdu Report(string counter) => new(PduType.Report, 0, 0, 0, [new(Oid.Parse(counter), SnmpValue.Counter32(1))]);

    private static byte[] Plain(int id, SnmpPdu pdu, int boots = 1) =>
        WriteV3.Message(id, new(V3Flags.None, SnmpV3Device.FirstEngine, boots, 1, "fleet"u8.ToArray(), null, 1), new(SnmpV3Device.FirstEngine, "", pdu));

    private static async Task Eventually(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(Bound);
        while (!isSo()) await Task.Delay(1, deadline.Token);
    }
}
