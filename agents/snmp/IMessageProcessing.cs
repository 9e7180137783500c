namespace Fleet.Snmp;

/// <summary>How a question becomes a message and how its answer is opened (RFC 3411 §3.1.1.2): community messages, USM messages, engine discovery.</summary>
internal interface IMessageProcessing
{
    /// <param name="id">The request id, and the msgID where the version has one.</param>
    byte[] Prepare(int id, SnmpPdu question);

    /// <summary>Opens what came from the right address under the right id.</summary>
    /// <param name="dropped">Why it is no answer, for the metrics.</param>
    /// <returns>Null when it is no answer: the exchange goes on waiting for the true one.</returns>
    /// <exception cref="SnmpFormatException">It is no SNMP message of this kind.</exception>
    Received? Open(Span<byte> datagram, int id, out string dropped);
}
