using System.Buffers.Binary;

namespace Fleet.Snmp;

/// <summary>snmpEngineID (RFC 3411 §5): which SNMP engine of the world this is, 5 to 32 octets. No secret; it goes out in every SNMPv3 message.</summary>
public readonly struct SnmpEngineId : IEquatable<SnmpEngineId>
{
    public const int MinOctets = 5, MaxOctets = 32;

    private readonly byte[]? octets;

    /// <exception cref="ArgumentException">Fewer than 5 or more than 32 octets.</exception>
    public SnmpEngineId(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is < MinOctets or > MaxOctets) throw new ArgumentException($"An engine id has {MinOctets} to {MaxOctets} octets, not {octets.Length}", nameof(octets));
        this.octets = octets.ToArray();
    }

    private SnmpEngineId(byte[] octets) => this.octets = octets;

    /// <summary>An id in the format "octets, administratively assigned" (5): the enterprise number with its high bit set, 05, up to 27 octets.</summary>
    /// <param name="enterprise">Private enterprise number (IANA).</param>
    public static SnmpEngineId Of(int enterprise, ReadOnlySpan<byte> assigned)
    {
        Span<byte> head = stackalloc byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)enterprise | 0x8000_0000);
        head[4] = 5;
        return new([.. head, .. assigned]);
    }

    /// <summary>As a device sent it. Some send fewer octets than they should; none and more than 32 are refused.</summary>
    internal static SnmpEngineId FromWire(ReadOnlySpan<byte> sent) => sent.Length is > 0 and <= MaxOctets
        ? new(sent.ToArray())
        : throw new SnmpFormatException($"Engine id of {sent.Length} octets");

    public ReadOnlySpan<byte> Octets => octets;

    public bool IsEmpty => Octets.IsEmpty;

    public bool Equals(SnmpEngineId other) => Octets.SequenceEqual(other.Octets);

    public override bool Equals(object? obj) => obj is SnmpEngineId other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Octets);
        return hash.ToHashCode();
    }

    /// <summary>Hexadecimal, as the net-snmp tools take it after <c>-e</c>.</summary>
    public override string ToString() => Convert.ToHexStringLower(Octets);

    public static bool operator ==(SnmpEngineId left, SnmpEngineId right) => left.Equals(right);
    public static bool operator !=(SnmpEngineId left, SnmpEngineId right) => !left.Equals(right);
}
