using System.Buffers;
using Fleet.Snmp.Usm;

namespace Fleet.Snmp.V3;

internal static class ReadScopedPdu
{
    /// <summary>The scoped PDU of a message, decrypted where it must be (RFC 3414 §3.2 step 8).</summary>
    /// <returns>False when decrypting fails or gives noise.</returns>
    /// <exception cref="SnmpFormatException">Plain text that is no scoped PDU.</exception>
    public static bool TryRead(in V3Message message, UsmKeys? keys, out ScopedPdu scoped)
    {
        scoped = default;
        if (!message.Flags.HasFlag(V3Flags.Encrypted))
        {
            scoped = ScopedPdu.Read(message.Data);
            return true;
        }
        if (keys?.Cipher is not { } cipher) return false;
        var buffer = ArrayPool<byte>.Shared.Rent(UsmCipher.Room(message.Data.Length));
        try
        {
            message.Data.CopyTo(buffer);
            if (!cipher.TryDecrypt(buffer, message.Data.Length, message.Boots, message.Time, message.PrivacyParameters)) return false;
            scoped = ScopedPdu.Read(buffer.AsSpan(0, message.Data.Length));
            return true;
        }
        catch (SnmpFormatException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
