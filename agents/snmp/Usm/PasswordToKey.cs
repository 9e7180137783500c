using System.Buffers;
using System.Security.Cryptography;

namespace Fleet.Snmp.Usm;

// passphrase -> Ku (a mebibyte hashed) -> localised to one engine -> extended to what the cipher needs
/// <summary>Keys from passphrases (RFC 3414 §2.6, §A.2), and the two ways the field extends them for AES-192/256.</summary>
internal static class PasswordToKey
{
    private const int Mebibyte = 1 << 20;

    /// <summary>Ku: the digest of the passphrase repeated to 1,048,576 octets (RFC 3414 §A.2). Milliseconds of work, so callers keep it.</summary>
    public static byte[] Ku(UsmAuthProtocol protocol, ReadOnlySpan<byte> passphrase)
    {
        var repeated = ArrayPool<byte>.Shared.Rent(Mebibyte);
        passphrase.CopyTo(repeated);
        for (var filled = passphrase.Length; filled < Mebibyte; filled *= 2)
            repeated.AsSpan(0, Math.Min(filled, Mebibyte - filled)).CopyTo(repeated.AsSpan(filled));
        var ku = new byte[protocol.KeyLength];
        Digests.Hash(protocol, repeated.AsSpan(0, Mebibyte), ku);
        ArrayPool<byte>.Shared.Return(repeated, clearArray: true);
        return ku;
    }

    /// <summary>Kul: the same user's key at one engine, of no use at another (RFC 3414 §2.6).</summary>
    public static byte[] Localize(UsmAuthProtocol protocol, ReadOnlySpan<byte> ku, SnmpEngineId engine)
    {
        Span<byte> around = stackalloc byte[2 * UsmAuthSizes.MaxKey + SnmpEngineId.MaxOctets];
        ku.CopyTo(around);
        engine.Octets.CopyTo(around[ku.Length..]);
        ku.CopyTo(around[(ku.Length + engine.Octets.Length)..]);
        var kul = new byte[protocol.KeyLength];
        Digests.Hash(protocol, around[..(2 * ku.Length + engine.Octets.Length)], kul);
        CryptographicOperations.ZeroMemory(around);
        return kul;
    }

    /// <summary>As many octets as the cipher needs. One extension is always enough: digests have 16 octets and more, keys 32 and less.</summary>
    public static byte[] Extend(UsmAuthProtocol protocol, byte[] kul, UsmPrivProtocol cipher, SnmpEngineId engine)
    {
        if (kul.Length >= cipher.KeyLength) return kul[..cipher.KeyLength];
        byte[] more;
        if (cipher is UsmPrivProtocol.Aes192Reeder or UsmPrivProtocol.Aes256Reeder) more = Localize(protocol, Ku(protocol, kul), engine);
        else Digests.Hash(protocol, kul, more = new byte[protocol.KeyLength]);
        return [.. kul, .. more.AsSpan(0, cipher.KeyLength - kul.Length)];
    }
}
