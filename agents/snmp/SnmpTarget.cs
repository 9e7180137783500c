using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Snmp;

/// <summary>One device, how to open it and how long to wait for it. Unicast only: anything else is refused with <see cref="ArgumentException"/>.</summary>
public sealed class SnmpTarget
{
    public const int DefaultPort = 161;

    public SnmpTarget(IPEndPoint endPoint, SnmpCredential credential, SnmpPatience? patience = null)
    {
        if (!IsUnicast(endPoint.Address)) throw new ArgumentException($"{endPoint.Address} is not one device", nameof(endPoint));
        (EndPoint, Credential, Patience) = (endPoint, credential, patience ?? SnmpPatience.Device);
        SocketAddress = endPoint.Serialize();
        Community = credential is SnmpCredential.Community community ? new(community) : null;
    }

    public IPEndPoint EndPoint { get; }
    public SnmpCredential Credential { get; }
    public SnmpPatience Patience { get; }

    internal SocketAddress SocketAddress { get; }

    /// <summary>Null where a user opens the device: then it depends on the engine.</summary>
    internal CommunityProcessing? Community { get; }

    /// <summary>The same device under a longer community, as some print servers want it for their tables; null where there is no community.</summary>
    public SnmpTarget? WithCommunitySuffix(string suffix) => Credential is SnmpCredential.Community community
        ? new(EndPoint, community with { Name = (byte[])[.. community.Name.Span, .. Encoding.UTF8.GetBytes(suffix)] }, Patience)
        : null;

    // A subnet's own broadcast address cannot be told without its mask; the socket never asks for the right to broadcast, so the kernel refuses it.
    private static bool IsUnicast(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => address.GetAddressBytes()[0] is > 0 and < 224,
        AddressFamily.InterNetworkV6 => !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any),
        _ => false
    };
}
