using System.Security.Cryptography;

namespace Fleet.Snmp.Usm;

/// <summary>One user's keys at one engine, ready to use.</summary>
/// <param name="cipher">Made when first used: its key may cost another mebibyte, which nobody shall make us hash before the message has verified.</param>
internal sealed class UsmKeys(UsmAuthProtocol protocol, byte[] authKey, Lazy<UsmCipher>? cipher)
{
    public int MacLength => protocol.MacLength;

    public UsmCipher? Cipher => cipher?.Value;

    /// <summary>Fills in msgAuthenticationParameters, which must be zero (RFC 3414 §6.3.1).</summary>
    public void Sign(Span<byte> message, Range mac) => Digests.Mac(protocol, authKey, message, message[mac]);

    /// <summary>The same over a message that came; leaves it as it was (RFC 3414 §6.3.2).</summary>
    public bool Verifies(Span<byte> message, Range mac)
    {
        var slot = message[mac];
        if (slot.Length != MacLength) return false;
        Span<byte> sent = stackalloc byte[slot.Length], ours = stackalloc byte[slot.Length];
        slot.CopyTo(sent);
        slot.Clear();
        Digests.Mac(protocol, authKey, message, ours);
        sent.CopyTo(slot);
        return CryptographicOperations.FixedTimeEquals(sent, ours);
    }
}
