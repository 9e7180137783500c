using System.Net;

namespace Fleet.Snmp;

/// <summary>One request on its way: what was sent where, and who waits for the answer.</summary>
internal sealed class Exchange(int id, SnmpTarget target, IMessageProcessing processing)
    : TaskCompletionSource<Received>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public int Id => id;

    public IMessageProcessing Processing => processing;

    public SnmpTarget Target => target;

    public ReadOnlyMemory<byte> Datagram { get; set; }

    public int Attempt { get; set; }

    /// <summary>How often its time was over while datagrams waited to be read.</summary>
    public int Grace { get; set; }

    public ITimer? Timer { get; set; }

    /// <summary>Same address and port; an IPv6 flow label or scope may differ on the way back.</summary>
    public bool IsFrom(SocketAddress source)
    {
        var asked = target.SocketAddress;
        if (source.Family != asked.Family) return false;
        var address = asked.Family == System.Net.Sockets.AddressFamily.InterNetwork ? 4..8 : 8..24;
        return source.Buffer.Span[2..4].SequenceEqual(asked.Buffer.Span[2..4]) && source.Buffer.Span[address].SequenceEqual(asked.Buffer.Span[address]);
    }
}
