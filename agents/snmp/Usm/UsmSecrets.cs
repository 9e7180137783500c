namespace Fleet.Snmp.Usm;

/// <summary>How a user proves who speaks.</summary>
public sealed record UsmAuthentication(UsmAuthProtocol Protocol, Passphrase Passphrase);

/// <summary>How a user's words are hidden. The key is made with the hash of the authentication protocol (RFC 3826 §1.2, RFC 7860 §9.3).</summary>
public sealed record UsmPrivacy(UsmPrivProtocol Protocol, Passphrase Passphrase);
