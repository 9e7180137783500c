using System.Net;
using Fleet.Snmp;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Agents.Tests;

/// <summary>Hostile bytes end in a message or in <see cref="SnmpFormatException"/>, in bounded memory and time; nothing else may come out.</summary>
public class SnmpFuzzTests
{
    private static readonly byte[] Valid = new SnmpMessage(SnmpVersion.V2C, "public"u8.ToArray(), new(PduType.Response, 77, 0, 0,
    [
        new(Oid.Parse("1.3.6.1.2.1.1.1.0"), SnmpValue.OctetString("A printer")),
        new(Oid.Parse("1.3.6.1.2.1.1.2.0"), SnmpValue.Oid(Oid.Parse("1.3.6.1.4.1.2435.2.3.9.1"))),
        new(Oid.Parse("1.3.6.1.2.1.43.10.2.1.4.1.1"), SnmpValue.Counter32(4294967290)),
        new(Oid.Parse("1.3.6.1.2.1.4.20.1.1.10.0.0.1"), SnmpValue.IpAddress(IPAddress.Parse("10.0.0.1"))),
        new(Oid.Parse("1.3.6.1.2.1.2.2.1.10.1"), SnmpValue.Counter64(ulong.MaxValue)),
        new(Oid.Parse("1.3.6.1.2.1.43.11.1.1.9.1.1"), SnmpValue.Integer32(-3)),
        new(Oid.Parse("1.3.6.1.2.1.43.11.1.1.9.1.2"), SnmpValue.NoSuchInstance)
    ])).Encode();

    [Test]
    public void Every_truncation_of_a_message_is_refused()
    {
        for (var length = 0; length < Valid.Length; length++) Assert.Throws<SnmpFormatException>(() => SnmpMessage.Decode(Valid.AsSpan(0, length)));
        Assert.DoesNotThrow(() => SnmpMessage.Decode(Valid));
    }

    [Test]
    public void Every_single_byte_change_is_read_or_refused()
    {
        for (var at = 0; at < Valid.Length; at++)
        {
            var changed = (byte[])Valid.Clone();
            for (var value = 0; value < 256; value++)
            {
                changed[at] = (byte)value;
                Assert.That(IsReadOrRefused(changed), Is.True);
            }
        }
    }

    [Test]
    public void Random_bytes_are_read_or_refused() =>
        Prop.ForAll<byte[]>(IsReadOrRefused).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Test]
    public void Messages_with_pieces_swapped_cut_and_repeated_are_read_or_refused()
    {
        var edits = Gen.Choose(0, Valid.Length - 1).Three().ListOf().ToArbitrary();
        Prop.ForAll(edits, list => IsReadOrRefused(list.Aggregate(Valid, Splice))).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Test]
    public void Deep_nesting_costs_no_stack()
    {
        byte[] bomb = [];
        for (var depth = 0; depth < 15_000; depth++) bomb = [0x30, 0x82, (byte)(bomb.Length >> 8), (byte)(bomb.Length & 255), .. bomb];
        Assert.That(IsReadOrRefused(bomb), Is.True);
        Assert.That(IsReadOrRefused([.. Enumerable.Repeat<byte>(0x30, 32_000).SelectMany(tag => new byte[] { tag, 0x80 })]), Is.True, "open lengths");
    }

    [Test]
    public void Memory_is_a_small_multiple_of_the_datagram()
    {
        // The densest list there is: 6 bytes a variable, as many as one datagram holds.
        var many = new SnmpMessage(SnmpVersion.V1, default, new(PduType.Response, 1, 0, 0, [.. Enumerable.Repeat(VarBind.Asked(default), 9_000)])).Encode();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(SnmpMessage.Decode(many).Pdu.VarBinds, Has.Count.EqualTo(9_000));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16L * many.Length));
    }

    private static byte[] Splice(byte[] bytes, (int From, int To, int Count) edit)
    {
        var from = Math.Min(edit.From, bytes.Length);
        var to = Math.Min(edit.To, bytes.Length);
        var piece = bytes[from..Math.Min(bytes.Length, from + edit.Count % 40)];
        return bytes.Length > 4_000 ? bytes : [.. bytes[..to], .. piece, .. bytes[Math.Min(bytes.Length, to + edit.From % 3)..]];
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            var message = SnmpMessage.Decode(bytes);
            return SnmpMessage.Decode(message.Encode()).Pdu.VarBinds.Count == message.Pdu.VarBinds.Count;
        }
        catch (SnmpFormatException)
        {
            return true;
        }
    }
}
