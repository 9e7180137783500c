using System.Formats.Asn1;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>SNMPv1's Trap-PDU, which has another shape than every other (RFC 1157 §4.1.6), as the notification RFC 3584 §3.1 makes of it.</summary>
public class SnmpTrapV1Tests
{
    private const string Enterprise = "1.3.6.1.4.1.2435.2.3.9.1";
    private static readonly Asn1Tag Address = new(TagClass.Application, 0), Ticks = new(TagClass.Application, 3);

    [TestCase(0, 0, "1.3.6.1.6.3.1.1.5.1")]
    [TestCase(5, 99, "1.3.6.1.6.3.1.1.5.6")]
    [TestCase(6, 17, Enterprise + ".0.17")]
    [TestCase(6, 0, Enterprise + ".0.0")]
    public void It_gets_the_name_a_later_version_gives_it(int generic, int specific, string name)
    {
        var trap = SnmpMessage.Decode(Trap(generic, specific));
        Assert.That((trap.Version, trap.Pdu.Type), Is.EqualTo((SnmpVersion.V1, PduType.Trap)));
        Assert.That(trap.Pdu.VarBinds[0], Is.EqualTo(new VarBind(Oid.Parse("1.3.6.1.2.1.1.3.0"), SnmpValue.TimeTicks(77))));
        Assert.That(trap.Pdu.VarBinds[1].Value.AsOid.ToString(), Is.EqualTo(name));
        Assert.That(trap.Pdu.VarBinds, Has.Count.EqualTo(4));
    }

    [TestCase(7, 0)]
    [TestCase(-1, 0)]
    [TestCase(6, -1)]
    [TestCase(int.MaxValue, int.MaxValue)]
    [TestCase(int.MinValue, int.MinValue)]
    public void A_number_outside_the_standard_is_refused(int generic, int specific) => Assert.Throws<SnmpFormatException>(() => SnmpMessage.Decode(Trap(generic, specific)));

    [Test]
    public void An_address_or_a_time_of_another_type_is_refused()
    {
        Assert.Throws<SnmpFormatException>(() => SnmpMessage.Decode(Trap(0, 0, address: w => w.WriteInteger(5))));
        Assert.Throws<SnmpFormatException>(() => SnmpMessage.Decode(Trap(0, 0, address: w => w.WriteOctetString(new byte[16], Address))));
        Assert.Throws<SnmpFormatException>(() => SnmpMessage.Decode(Trap(0, 0, ticks: w => w.WriteInteger(5))));
    }

    [Test]
    public void An_enterprise_as_long_as_names_get_is_refused_and_breaks_nothing()
    {
        var longest = string.Join('.', Enumerable.Repeat("1", Oid.MaxArcs));
        Assert.Throws<SnmpFormatException>(() => SnmpMessage.Decode(Trap(6, 1, enterprise: longest)));
    }

    [Test]
    public void Every_change_of_a_byte_is_read_or_refused()
    {
        var trap = Trap(6, 17);
        for (var at = 0; at < trap.Length; at++)
            for (var value = 0; value < 256; value++)
            {
                var changed = (byte[])trap.Clone();
                changed[at] = (byte)value;
                try
                {
                    SnmpMessage.Decode(changed);
                }
                catch (SnmpFormatException)
                {
                }
            }
    }

    private static byte[] Trap(int generic, int specific, Action<AsnWriter>? address = null, Action<AsnWriter>? ticks = null, string enterprise = Enterprise)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteOctetString("public"u8);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 4, isConstructed: true)))
            {
                BerValue.WriteOid(writer, Oid.Parse(enterprise));
                if (address is null) writer.WriteOctetString([10, 1, 2, 3], Address);
                else address(writer);
                writer.WriteInteger(generic);
                writer.WriteInteger(specific);
                if (ticks is null) writer.WriteInteger(77, Ticks);
                else ticks(writer);
                using (writer.PushSequence()) { }
            }
        }
        return writer.Encode();
    }
}
