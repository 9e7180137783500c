using System.Net;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

public class SnmpMessageTests
{
    // net-snmp: snmpget -v2c -c public HOST 1.3.6.1.2.1.1.1.0
    private const string GetSysDescr = "3026020101040670 75626c6963a0190204 1f2e3d4c0201000201 00300b300906052b060102010500";

    private static readonly Oid SysDescr = Oid.Parse("1.3.6.1.2.1.1.1.0");

    public static IEnumerable<SnmpValue> EveryValue =>
    [
        SnmpValue.Integer32(0), SnmpValue.Integer32(-3), SnmpValue.Integer32(int.MaxValue), SnmpValue.Integer32(int.MinValue),
        SnmpValue.Counter32(uint.MaxValue), SnmpValue.Gauge32(127), SnmpValue.TimeTicks(128), SnmpValue.Counter64(ulong.MaxValue),
        SnmpValue.OctetString(""), SnmpValue.OctetString("Tóner"), SnmpValue.OctetString(new byte[300]), SnmpValue.Opaque([1, 2]),
        SnmpValue.Oid(Oid.Parse("1.3.6.1.4.1.1347.41")), SnmpValue.Oid(Oid.Parse("0.0")), SnmpValue.Oid(Oid.Parse("2.4294967215.1")),
        SnmpValue.IpAddress(IPAddress.Parse("10.0.0.255")),
        SnmpValue.Null, SnmpValue.NoSuchObject, SnmpValue.NoSuchInstance, SnmpValue.EndOfMibView
    ];

    [TestCaseSource(nameof(EveryValue))]
    public void Every_value_comes_back_as_it_was_sent(SnmpValue value) =>
        Assert.That(RoundTrip(Message(new VarBind(SysDescr, value))).Pdu.VarBinds, Is.EqualTo(new[] { new VarBind(SysDescr, value) }));

    [Test]
    public void The_longest_oid_comes_back_and_one_arc_more_is_refused()
    {
        var longest = new Oid([1, 3, .. Enumerable.Repeat(uint.MaxValue, 126)]);
        Assert.That(RoundTrip(Message(VarBind.Asked(longest))).Pdu.VarBinds[0].Name, Is.EqualTo(longest));
        Assert.Throws<SnmpFormatException>(() => longest.Append(1));
    }

    [Test]
    public void A_request_is_byte_for_byte_what_other_tools_send()
    {
        var message = new SnmpMessage(SnmpVersion.V2C, "public"u8.ToArray(), SnmpPdu.Get(0x1f2e3d4c, [VarBind.Asked(Oid.Parse("1.3.6.1.2.1"))]));
        var expected = Convert.FromHexString(GetSysDescr.Replace(" ", ""));
        Assert.That(message.Encode(), Is.EqualTo(expected));
    }

    [Test]
    public void A_bulk_request_keeps_its_two_numbers()
    {
        var pdu = RoundTrip(new(SnmpVersion.V2C, default, SnmpPdu.GetBulk(-5, 1, 25, [VarBind.Asked(SysDescr)]))).Pdu;
        Assert.That((pdu.Type, pdu.RequestId, pdu.NonRepeaters, pdu.MaxRepetitions), Is.EqualTo((PduType.GetBulk, -5, 1, 25)));
    }

    [Test]
    public void Numbers_with_needless_leading_bytes_are_read_as_every_tool_reads_them()
    {
        Assert.That(Value("0204 00000005"), Is.EqualTo(SnmpValue.Integer32(5)));
        Assert.That(Value("0202 ffff"), Is.EqualTo(SnmpValue.Integer32(-1)));
        Assert.That(Value("4105 00ffffffff"), Is.EqualTo(SnmpValue.Counter32(uint.MaxValue)));
        Assert.That(Value("4104 fffffffe"), Is.EqualTo(SnmpValue.Counter32(4294967294)), "a counter is unsigned, whatever its high bit");
    }

    [TestCase("0200", Description = "no content")]
    [TestCase("4106 010000000000", Description = "counter beyond 32 bits")]
    [TestCase("4003 0a0000", Description = "address of three bytes")]
    [TestCase("0602 8001", Description = "arc with leading zeros")]
    [TestCase("0602 2b86", Description = "arc cut off")]
    [TestCase("0606 2b9080808000", Description = "arc of 33 bits")]
    [TestCase("2404 04026162", Description = "constructed string")]
    [TestCase("0480 6162 0000", Description = "open length")]
    [TestCase("0484 7fffffff", Description = "length bomb")]
    [TestCase("0488 7fffffffffffffff", Description = "longer length bomb")]
    [TestCase("1f8104 00", Description = "long tag")]
    public void A_malformed_value_is_named_and_refused(string value) => Assert.Throws<SnmpFormatException>(() => Value(value));

    [TestCase("")]
    [TestCase("30")]
    [TestCase("3080")]
    [TestCase("3003020103", Description = "version 3")]
    [TestCase("300d0201010400a406020100020100", Description = "trap")]
    public void What_is_no_message_is_refused(string hex) => Assert.Throws<SnmpFormatException>(() => SnmpMessage.Decode(Convert.FromHexString(hex)));

    [Test]
    public void Padding_behind_the_message_is_ignored() =>
        Assert.That(SnmpMessage.Decode([.. Message(VarBind.Asked(SysDescr)).Encode(), 0, 0, 0]).Pdu.VarBinds, Has.Count.EqualTo(1));

    [Test]
    public void An_answer_that_does_not_fit_says_so()
    {
        var message = Message(new VarBind(SysDescr, SnmpValue.OctetString(new byte[1000])));
        Assert.That(message.TryEncode(new byte[500], out _), Is.False);
        Assert.That(message.TryEncode(new byte[1500], out var written) && written == message.Encode().Length, Is.True);
    }

    private static SnmpMessage Message(params VarBind[] varBinds) => new(SnmpVersion.V2C, "public"u8.ToArray(), new(PduType.Response, 7, 0, 0, varBinds));

    private static SnmpMessage RoundTrip(SnmpMessage message)
    {
        var back = SnmpMessage.Decode(message.Encode());
        Assert.That((back.Version, back.Pdu.RequestId), Is.EqualTo((message.Version, message.Pdu.RequestId)));
        Assert.That(back.Community.ToArray(), Is.EqualTo(message.Community.ToArray()));
        return back;
    }

    private static SnmpValue Value(string hex)
    {
        var value = Convert.FromHexString(hex.Replace(" ", ""));
        byte[] name = [0x06, 0x01, 0x2b];
        return SnmpMessage.Decode(Wrap(0x30, [2, 1, 1, 4, 0, .. Wrap(0xa2, [2, 1, 7, 2, 1, 0, 2, 1, 0, .. Wrap(0x30, Wrap(0x30, [.. name, .. value]))])])).Pdu.VarBinds[0].Value;
    }

    private static byte[] Wrap(byte tag, byte[] content) => [tag, (byte)content.Length, .. content];
}
