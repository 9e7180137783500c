using System.Diagnostics;

namespace Fleet.Snmp.Usm;

/// <summary>How scoped PDUs are encrypted. AES of 192 and 256 bits was never standardised: the field has two ways to make such a long key of a shorter digest.</summary>
public enum UsmPrivProtocol
{
    /// <summary>usmDESPrivProtocol, CBC-DES (RFC 3414 §8). For devices that have nothing better.</summary>
    Des,

    /// <summary>usmAesCfb128Protocol, AES-128 in CFB mode (RFC 3826).</summary>
    Aes128,

    /// <summary>AES-192 with the key extended by hashing (draft-blumenthal-aes-usm-04 §3.1.2.1); net-snmp's AES-192.</summary>
    Aes192,

    /// <summary>AES-256 with the key extended by hashing (draft-blumenthal-aes-usm-04 §3.1.2.1); net-snmp's AES-256.</summary>
    Aes256,

    /// <summary>AES-192 with the key extended as draft-reeder-snmpv3-usm-3desede §2.1 does; Cisco's, net-snmp's AES-192-C.</summary>
    Aes192Reeder,

    /// <summary>AES-256 with the key extended as draft-reeder-snmpv3-usm-3desede §2.1 does; Cisco's, net-snmp's AES-256-C.</summary>
    Aes256Reeder
}

internal static class UsmPrivSizes
{
    extension(UsmPrivProtocol protocol)
    {
        /// <summary>Octets of the localised key; DES uses eight of its sixteen as pre-IV.</summary>
        public int KeyLength => protocol switch
        {
            UsmPrivProtocol.Des or UsmPrivProtocol.Aes128 => 16,
            UsmPrivProtocol.Aes192 or UsmPrivProtocol.Aes192Reeder => 24,
            UsmPrivProtocol.Aes256 or UsmPrivProtocol.Aes256Reeder => 32,
            _ => throw new UnreachableException($"No privacy protocol {protocol}")
        };
    }
}
