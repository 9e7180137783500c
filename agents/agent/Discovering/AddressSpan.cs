using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Agent.Discovering;

/// <summary>Addresses of one family from the first to the last, both included.</summary>
public readonly record struct AddressSpan(UInt128 First, UInt128 Last, bool IsV6 = false) : IComparable<AddressSpan>
{
    public UInt128 Count => Last - First + 1;

    public bool Contains(AddressSpan other) => IsV6 == other.IsV6 && First <= other.First && other.Last <= Last;

    public bool Contains(IPAddress address) => Contains(Of(address));

    /// <summary>One address; an IPv4 address inside IPv6 (<c>::ffff:192.0.2.1</c>) is the IPv4 address.</summary>
    public static AddressSpan Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var number = bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return new(number, number, address.AddressFamily == AddressFamily.InterNetworkV6);
    }

    public static IPAddress Address(UInt128 number, bool isV6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new(isV6 ? bytes : bytes[12..]);
    }

    /// <summary>Sorted, without overlaps, and without what is excluded.</summary>
    public static IReadOnlyList<AddressSpan> Tidy(IEnumerable<AddressSpan> wanted, IEnumerable<AddressSpan> excluded)
    {
        var (tidy, holes, at) = (new List<AddressSpan>(), Merge(excluded), 0);
        foreach (var span in Merge(wanted))
        {
            while (at < holes.Count && (holes[at].IsV6 != span.IsV6 ? span.IsV6 : holes[at].Last < span.First)) at++;
            var (from, isOpen) = (span.First, true);
            for (var i = at; isOpen && i < holes.Count && holes[i].IsV6 == span.IsV6 && holes[i].First <= span.Last; i++)
            {
                if (holes[i].First > from) tidy.Add(span with { First = from, Last = holes[i].First - 1 });
                isOpen = holes[i].Last < span.Last;
                if (isOpen) from = holes[i].Last + 1;
            }
            if (isOpen) tidy.Add(span with { First = from });
        }
        return tidy;
    }

    public int CompareTo(AddressSpan other) => IsV6 != other.IsV6 ? IsV6.CompareTo(other.IsV6) : First != other.First ? First.CompareTo(other.First) : Last.CompareTo(other.Last);

    public static bool operator <(AddressSpan left, AddressSpan right) => left.CompareTo(right) < 0;
    public static bool operator >(AddressSpan left, AddressSpan right) => left.CompareTo(right) > 0;
    public static bool operator <=(AddressSpan left, AddressSpan right) => left.CompareTo(right) <= 0;
    public static bool operator >=(AddressSpan left, AddressSpan right) => left.CompareTo(right) >= 0;

    private static List<AddressSpan> Merge(IEnumerable<AddressSpan> spans)
    {
        var merged = new List<AddressSpan>();
        foreach (var span in spans.Order())
        {
            if (merged.Count > 0 && merged[^1] is var last && last.IsV6 == span.IsV6 && span.First <= last.Last) merged[^1] = last with { Last = UInt128.Max(last.Last, span.Last) };
            else merged.Add(span);
        }
        return merged;
    }
}
