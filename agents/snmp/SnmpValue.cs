using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text;

namespace Fleet.Snmp;

/// <summary>One value of one object: a number, bytes, an OID, or one of the three answers that say there is none.</summary>
public readonly struct SnmpValue : IEquatable<SnmpValue>
{
    private readonly long number;
    private readonly byte[]? bytes;

    internal SnmpValue(SnmpType type, long number) => (Type, this.number) = (type, number);

    internal SnmpValue(SnmpType type, byte[] bytes) => (Type, this.bytes) = (type, bytes);

    public SnmpType Type { get; }

    public static readonly SnmpValue Null = new(SnmpType.Null, 0);
    public static readonly SnmpValue NoSuchObject = new(SnmpType.NoSuchObject, 0);
    public static readonly SnmpValue NoSuchInstance = new(SnmpType.NoSuchInstance, 0);
    public static readonly SnmpValue EndOfMibView = new(SnmpType.EndOfMibView, 0);

    public static SnmpValue Integer32(int value) => new(SnmpType.Integer32, value);
    public static SnmpValue Counter32(uint value) => new(SnmpType.Counter32, value);
    public static SnmpValue Gauge32(uint value) => new(SnmpType.Gauge32, value);
    public static SnmpValue TimeTicks(uint hundredths) => new(SnmpType.TimeTicks, hundredths);
    public static SnmpValue Counter64(ulong value) => new(SnmpType.Counter64, unchecked((long)value));
    public static SnmpValue OctetString(ReadOnlySpan<byte> octets) => new(SnmpType.OctetString, octets.ToArray());
    public static SnmpValue OctetString(string text) => new(SnmpType.OctetString, Encoding.UTF8.GetBytes(text));
    public static SnmpValue Opaque(ReadOnlySpan<byte> octets) => new(SnmpType.Opaque, octets.ToArray());
    public static SnmpValue Oid(Oid oid) => new(SnmpType.Oid, oid.Bytes.ToArray());
    public static SnmpValue IpAddress(IPAddress v4) => v4.GetAddressBytes() is { Length: 4 } four
        ? new(SnmpType.IpAddress, four)
        : throw new ArgumentException("SNMP's IpAddress is IPv4 only", nameof(v4));

    /// <summary>noSuchObject, noSuchInstance, endOfMibView or Null (what SNMPv1 leaves in a failed answer): there is no value.</summary>
    public bool IsMissing => Type is SnmpType.NoSuchObject or SnmpType.NoSuchInstance or SnmpType.EndOfMibView or SnmpType.Null or default(SnmpType);

    /// <summary>OctetString, Opaque or IpAddress; empty for any other type.</summary>
    public ReadOnlySpan<byte> Octets => Type is SnmpType.Oid ? default : bytes;

    /// <summary>The OID value; empty for any other type.</summary>
    public Oid AsOid => Type is SnmpType.Oid && bytes is not null ? new(bytes) : default;

    /// <summary>Any numeric type. False for text, missing values and a Counter64 beyond 2^63-1.</summary>
    public bool TryGetInt64(out long value)
    {
        value = number;
        return Type is SnmpType.Integer32 or SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks
            || (Type is SnmpType.Counter64 && number >= 0);
    }

    /// <summary>The full 64 bits of a Counter64, and any other number that is not negative.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        value = unchecked((ulong)number);
        return Type is SnmpType.Counter64 || (TryGetInt64(out var signed) && signed >= 0);
    }

    public bool Equals(SnmpValue other) =>
        Type == other.Type && number == other.number && bytes.AsSpan().SequenceEqual(other.bytes);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is SnmpValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Type, number, bytes is null ? 0 : new Oid(bytes).GetHashCode());

    public override string ToString() => Type switch
    {
        SnmpType.Counter64 => unchecked((ulong)number).ToString(CultureInfo.InvariantCulture),
        SnmpType.Integer32 or SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks => number.ToString(CultureInfo.InvariantCulture),
        SnmpType.Oid => AsOid.ToString(),
        SnmpType.OctetString or SnmpType.Opaque or SnmpType.IpAddress => Convert.ToHexString(Octets),
        _ => Type.ToString()
    };

    public static bool operator ==(SnmpValue left, SnmpValue right) => left.Equals(right);
    public static bool operator !=(SnmpValue left, SnmpValue right) => !left.Equals(right);
}
