using System.Diagnostics;
using System.Security.Cryptography;

namespace Fleet.Snmp.Usm;

/// <summary>Hash and HMAC of each authentication protocol.</summary>
internal static class Digests
{
    /// <param name="destination">At least as long as the protocol's key.</param>
    public static void Hash(UsmAuthProtocol protocol, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (protocol is UsmAuthProtocol.Sha224) Sha224.Hash(source, destination);
        else CryptographicOperations.HashData(NameOf(protocol), source, destination);
    }

    /// <param name="mac">As long as the protocol's msgAuthenticationParameters; the HMAC is cut to it.</param>
    public static void Mac(UsmAuthProtocol protocol, ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[UsmAuthSizes.MaxKey];
        if (protocol is UsmAuthProtocol.Sha224) Sha224.Hmac(key, message, whole);
        else CryptographicOperations.HmacData(NameOf(protocol), key, message, whole);
        whole[..mac.Length].CopyTo(mac);
    }

    // MD5 and SHA-1 are broken as hashes, not as HMACs, and they are all that many printers speak. Who can choose chooses SHA-2.
    private static HashAlgorithmName NameOf(UsmAuthProtocol protocol) => protocol switch
    {
        UsmAuthProtocol.Md5 => HashAlgorithmName.MD5,
        UsmAuthProtocol.Sha1 => HashAlgorithmName.SHA1,
        UsmAuthProtocol.Sha256 => HashAlgorithmName.SHA256,
        UsmAuthProtocol.Sha384 => HashAlgorithmName.SHA384,
        UsmAuthProtocol.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new UnreachableException($"No hash for {protocol}")
    };
}
