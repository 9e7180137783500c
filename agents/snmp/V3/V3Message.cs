namespace Fleet.Snmp.V3;

/// <summary>An SNMPv3 message under USM (RFC 3412 §6, RFC 3414 §2.4) as views into the datagram: nothing is copied, nothing is verified yet.</summary>
internal readonly ref struct V3Message
{
    public const int Version = 3, UserSecurityModel = 3;

    public required int Id { get; init; }
    public required V3Flags Flags { get; init; }
    public required ReadOnlySpan<byte> EngineId { get; init; }
    public required int Boots { get; init; }
    public required int Time { get; init; }
    public required ReadOnlySpan<byte> UserName { get; init; }

    /// <summary>The message itself, without what may follow it in the datagram, and the place of msgAuthenticationParameters in it.</summary>
    public required Span<byte> Whole { get; init; }
    public required Range Mac { get; init; }
    public required ReadOnlySpan<byte> PrivacyParameters { get; init; }

    /// <summary>The scoped PDU, or its encrypted octets.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    public SnmpSecurityLevel Level => (SnmpSecurityLevel)(Flags & (V3Flags.Authenticated | V3Flags.Encrypted));

    /// <exception cref="SnmpFormatException">Not an SNMPv3 message, not under USM, or with flags that cannot be (encrypted and not authenticated).</exception>
    public static V3Message Read(Span<byte> datagram)
    {
        var content = new BerReader(datagram).Read(BerReader.Sequence);
        var whole = datagram[..(OffsetOf(content, datagram) + content.Length)];
        var message = new BerReader(content);
        if (message.ReadInt32() is not Version) throw new SnmpFormatException("Another version where SNMPv3 belongs");

        var header = new BerReader(message.Read(BerReader.Sequence));
        var (id, _, flags, model) = (header.ReadInt32(), header.ReadInt32(), (V3Flags)Single(header.Read((byte)SnmpType.OctetString)), header.ReadInt32());
        if (model is not UserSecurityModel) throw new SnmpFormatException($"Security model {model} is not USM");
        if (flags.HasFlag(V3Flags.Encrypted) && !flags.HasFlag(V3Flags.Authenticated)) throw new SnmpFormatException("Encrypted and not authenticated");

        var security = new BerReader(new BerReader(message.Read((byte)SnmpType.OctetString)).Read(BerReader.Sequence));
        var engine = security.Read((byte)SnmpType.OctetString);
        var (boots, time) = (security.ReadInt32(), security.ReadInt32());
        var user = security.Read((byte)SnmpType.OctetString);
        var mac = security.Read((byte)SnmpType.OctetString);
        var privacy = security.Read((byte)SnmpType.OctetString);
        if (id < 0 || boots < 0 || time < 0 || engine.Length > SnmpEngineId.MaxOctets || user.Length > SnmpCredential.User.MaxNameOctets)
            throw new SnmpFormatException("A number below zero or a name too long in the header");
        var at = OffsetOf(mac, whole);
        return new()
        {
            Id = id,
            Flags = flags,
            EngineId = engine,
            Boots = boots,
            Time = time,
            UserName = user,
            Whole = whole,
            Mac = at..(at + mac.Length),
            PrivacyParameters = privacy,
            Data = flags.HasFlag(V3Flags.Encrypted) ? message.Read((byte)SnmpType.OctetString) : message.ReadWhole()
        };
    }

    private static byte Single(ReadOnlySpan<byte> octets) => octets.Length == 1 ? octets[0] : throw new SnmpFormatException($"msgFlags of {octets.Length} octets");

    private static int OffsetOf(ReadOnlySpan<byte> part, ReadOnlySpan<byte> whole) => whole.Overlaps(part, out var offset) ? offset : 0;
}
