using System.Diagnostics;

namespace Fleet.Snmp.Usm;

/// <summary>How messages are authenticated: an HMAC under a key made of a passphrase, cut to the length its RFC gives.</summary>
public enum UsmAuthProtocol
{
    /// <summary>usmHMACMD5AuthProtocol, HMAC-MD5-96 (RFC 3414 §6). For devices that have nothing better.</summary>
    Md5,

    /// <summary>usmHMACSHAAuthProtocol, HMAC-SHA-96 (RFC 3414 §7).</summary>
    Sha1,

    /// <summary>usmHMAC128SHA224AuthProtocol (RFC 7860).</summary>
    Sha224,

    /// <summary>usmHMAC192SHA256AuthProtocol (RFC 7860).</summary>
    Sha256,

    /// <summary>usmHMAC256SHA384AuthProtocol (RFC 7860).</summary>
    Sha384,

    /// <summary>usmHMAC384SHA512AuthProtocol (RFC 7860).</summary>
    Sha512
}

internal static class UsmAuthSizes
{
    public const int MaxKey = 64, MaxMac = 48;

    extension(UsmAuthProtocol protocol)
    {
        /// <summary>Octets of digest and key.</summary>
        public int KeyLength => protocol switch
        {
            UsmAuthProtocol.Md5 => 16,
            UsmAuthProtocol.Sha1 => 20,
            UsmAuthProtocol.Sha224 => 28,
            UsmAuthProtocol.Sha256 => 32,
            UsmAuthProtocol.Sha384 => 48,
            UsmAuthProtocol.Sha512 => 64,
            _ => throw new UnreachableException($"No authentication protocol {protocol}")
        };

        /// <summary>Octets of msgAuthenticationParameters.</summary>
        public int MacLength => protocol switch
        {
            UsmAuthProtocol.Md5 or UsmAuthProtocol.Sha1 => 12,
            UsmAuthProtocol.Sha224 => 16,
            UsmAuthProtocol.Sha256 => 24,
            UsmAuthProtocol.Sha384 => 32,
            UsmAuthProtocol.Sha512 => 48,
            _ => throw new UnreachableException($"No authentication protocol {protocol}")
        };
    }
}
