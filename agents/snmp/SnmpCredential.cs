using System.Text;

namespace Fleet.Snmp;

/// <summary>What opens a device. A closed union; version 3 users become its second case.</summary>
public abstract record SnmpCredential
{
    /// <param name="Name">The community as octets; never logged.</param>
    public sealed record Community(SnmpVersion Version, ReadOnlyMemory<byte> Name) : SnmpCredential
    {
        public override string ToString() => $"{Version} community";
    }

    public static SnmpCredential V1(string community) => new Community(SnmpVersion.V1, Encoding.UTF8.GetBytes(community));

    public static SnmpCredential V2C(string community) => new Community(SnmpVersion.V2C, Encoding.UTF8.GetBytes(community));
}
