using System.Net;
using Fleet.Snmp;
using Fleet.Snmp.Notifications;
using Fleet.Snmp.Usm;
using Fleet.Snmp.V3;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Agents.Tests;

/// <summary>
/// Hostile SNMPv3 bytes, on both sides: they are refused by value or by <see cref="SnmpFormatException"/> and never taken for the truth. Half of
/// them are signed again after the harm, so that what stands behind the signature is harmed as well.
/// </summary>
public class SnmpV3FuzzTests
{
    private const int Id = 77;
    private static readonly SnmpEngineId EngineId = SnmpEngineId.Of(8072, "device"u8);
    private static readonly IPEndPoint Source = new(IPAddress.Loopback, 40_000);
    private static readonly SnmpManualClock Clock = new();
    private static readonly KeyRing Ring = new();
    private static readonly Salts Salts = new(1);

    private static readonly SnmpCredential.User[] Users =
    [
        new("guest"),
        new("reader", new(UsmAuthProtocol.Md5, new("auth passphrase"))),
        new("des", new(UsmAuthProtocol.Sha1, new("auth passphrase")), new(UsmPrivProtocol.Des, new("priv passphrase"))),
        new("aes", new(UsmAuthProtocol.Sha512, new("auth passphrase")), new(UsmPrivProtocol.Aes256, new("priv passphrase")))
    ];

    private static readonly VarBind[] Values =
    [
        new(Oid.Parse("1.3.6.1.2.1.1.3.0"), SnmpValue.TimeTicks(7)),
        new(Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), SnmpValue.Oid(Oid.Parse("1.3.6.1.6.3.1.1.5.1"))),
        new(Oid.Parse("1.3.6.1.2.1.1.1.0"), SnmpValue.OctetString("A printer"))
    ];

    private static readonly ReceiveNotification Receiver = new(new(Source, Users, EngineId, 1), Clock, new Random(3));

    private static byte[] Message(SnmpCredential.User user, PduType type, V3Flags more = V3Flags.None) => WriteV3.Message(
        Id, new((V3Flags)user.Level | more, EngineId, 1, 0, System.Text.Encoding.UTF8.GetBytes(user.SecurityName), Ring.For(user, EngineId), Salts.Next()),
        new(EngineId, "", new(type, Id, 0, 0, Values)));

    [Test]
    public void What_is_whole_is_taken([Range(0, 3)] int user)
    {
        Assert.That(Answers(Users[user], Message(Users[user], PduType.Response)), Is.EqualTo(SnmpOutcome.Answered));
        Assert.That(Hears(Message(Users[user], PduType.Inform, V3Flags.Reportable)), Is.True);
        Assert.That(Answers(Users[user], [.. Message(Users[user], PduType.Response), 0, 0]), Is.EqualTo(SnmpOutcome.Answered), "padding behind it");
    }

    [Test]
    public void Every_truncation_is_refused([Range(0, 3)] int user)
    {
        var (response, inform) = (Message(Users[user], PduType.Response), Message(Users[user], PduType.Inform));
        for (var length = 0; length < response.Length; length++) Assert.That(Answers(Users[user], response[..length]), Is.Null);
        for (var length = 0; length < inform.Length; length++) Assert.That(Hears(inform[..length]), Is.False);
    }

    // Unauthenticated reports are believed about failures, as they must be; nothing else of a changed message is.
    [Test]
    public void Every_change_of_a_byte_is_noticed_where_there_is_a_key([Range(1, 3)] int user, [Values(1, 0x80, 0xff)] byte mask)
    {
        var (response, inform) = (Message(Users[user], PduType.Response), Message(Users[user], PduType.Inform));
        for (var at = 0; at < response.Length; at++) Assert.That(Answers(Users[user], Flipped(response, at, mask)), Is.Not.EqualTo(SnmpOutcome.Answered), $"byte {at}");
        for (var at = 0; at < inform.Length; at++) Assert.That(Hears(Flipped(inform, at, mask)), Is.False, $"byte {at}");
    }

    [Test]
    public void Random_bytes_are_refused() => Prop.ForAll<byte[]>(bytes => Users.All(user => Answers(user, bytes) is null) && !Hears(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void Messages_cut_and_put_together_are_read_or_refused([Range(0, 3)] int user, [Values] bool isSigned)
    {
        var (response, inform) = (Message(Users[user], PduType.Response), Message(Users[user], PduType.Inform, V3Flags.Reportable));
        var edits = Gen.Choose(0, response.Length - 1).Three().ListOf().ToArbitrary();
        Prop.ForAll(edits, list =>
        {
            Answers(Users[user], Signed(Users[user], list.Aggregate(response, Splice), isSigned));
            Hears(Signed(Users[user], list.Aggregate(inform, Splice), isSigned));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Test]
    public void Noise_where_the_encrypted_text_belongs_is_a_decryption_error([Values(2, 3)] int user, [Values(1, 7, 8, 64, 1000)] int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        var message = Message(Users[user], PduType.Inform, V3Flags.Reportable);
        var content = new BerReader(message).Read(BerReader.Sequence);
        var header = content[..(content.Length - Tlv(0x04, V3Message.Read(message).Data.ToArray()).Length)];
        var made = Signed(Users[user], Tlv(0x30, [.. header, .. Tlv(0x04, noise)]), true);
        var usm = new UsmReceiver(new(EngineId, 1, Clock), Users, Salts, Clock);
        Assert.That(usm.Receive(made, out var report, out var dropped), Is.Null);
        Assert.That((dropped, report is not null), Is.EqualTo(("decryption-error", true)));
    }

    [Test]
    public void Deep_nesting_and_lengths_that_lie_cost_nothing()
    {
        byte[] bomb = [];
        for (var depth = 0; depth < 1_500; depth++) bomb = [0x30, 0x82, (byte)(bomb.Length >> 8), (byte)(bomb.Length & 255), .. bomb];
        byte[][] bombs = [bomb, [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 2, 1, 3], [0x30, 0x88, 255, 255, 255, 255, 255, 255, 255, 255, 2, 1, 3], [0x30, 0x80, 2, 1, 3, 0, 0]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var bytes in bombs) Assert.That((Answers(Users[3], bytes), Hears(bytes)), Is.EqualTo(((SnmpOutcome?)null, false)));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(200_000));
    }

    private static SnmpOutcome? Answers(SnmpCredential.User user, byte[] datagram)
    {
        var usm = new UsmProcessing(user, new(EngineId, 1, 0, Clock), Ring.For(user, EngineId), Salts);
        try
        {
            return MessageId.Of(datagram) == Id ? usm.Open((byte[])datagram.Clone(), Id, out _)?.Outcome : null;
        }
        catch (SnmpFormatException)
        {
            return null;
        }
    }

    private static bool Hears(byte[] datagram)
    {
        try
        {
            return Receiver.From((byte[])datagram.Clone(), Source).Notification is not null;
        }
        catch (SnmpFormatException)
        {
            return false;
        }
    }

    private static byte[] Signed(SnmpCredential.User user, byte[] datagram, bool isSigned)
    {
        try
        {
            if (!isSigned || Ring.For(user, EngineId) is not { } keys) return datagram;
            var message = V3Message.Read(datagram);
            if (message.Whole[message.Mac].Length != keys.MacLength) return datagram;
            message.Whole[message.Mac].Clear();
            keys.Sign(message.Whole, message.Mac);
        }
        catch (SnmpFormatException)
        {
        }
        return datagram;
    }

    private static byte[] Tlv(byte tag, byte[] content) =>
        content.Length < 128 ? [tag, (byte)content.Length, .. content] : content.Length < 256 ? [tag, 0x81, (byte)content.Length, .. content] : [tag, 0x82, (byte)(content.Length >> 8), (byte)(content.Length & 255), .. content];

    private static byte[] Flipped(byte[] bytes, int at, byte mask)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[at] ^= mask;
        return flipped;
    }

    private static byte[] Splice(byte[] bytes, (int From, int To, int Count) edit)
    {
        var from = Math.Min(edit.From, bytes.Length);
        var to = Math.Min(edit.To, bytes.Length);
        var piece = bytes[from..Math.Min(bytes.Length, from + edit.Count % 40)];
        return bytes.Length > 4_000 ? bytes : [.. bytes[..to], .. piece, .. bytes[Math.Min(bytes.Length, to + edit.From % 3)..]];
    }
}
