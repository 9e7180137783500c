using System.Text;
using Fleet.Snmp.Usm;

namespace Fleet.Snmp;

/// <summary>What opens a device: a community (v1, v2c) or a user (v3). Closed; no case prints its secrets.</summary>
public abstract record SnmpCredential
{
    private SnmpCredential() { }

    /// <param name="Name">The community as octets; never logged.</param>
    public sealed record Community(SnmpVersion Version, ReadOnlyMemory<byte> Name) : SnmpCredential
    {
        public override string ToString() => $"{Version} community";
    }

    /// <summary>A user of the User-based Security Model (RFC 3414). The security level follows from what the user has.</summary>
    public sealed record User : SnmpCredential
    {
        public const int MaxNameOctets = 32;

        /// <param name="securityName">1 to 32 octets of UTF-8; USM's userName is the same (RFC 3414 §2.1).</param>
        /// <exception cref="ArgumentException">A name that is empty or too long, or encryption without authentication, which SNMPv3 does not have.</exception>
        public User(string securityName, UsmAuthentication? authentication = null, UsmPrivacy? privacy = null)
        {
            if (Encoding.UTF8.GetByteCount(securityName) is 0 or > MaxNameOctets)
                throw new ArgumentException($"A security name has 1 to {MaxNameOctets} octets", nameof(securityName));
            if (authentication is null && privacy is not null) throw new ArgumentException("There is no privacy without authentication (RFC 3411 §3.4.3)", nameof(privacy));
            (SecurityName, Authentication, Privacy) = (securityName, authentication, privacy);
        }

        public string SecurityName { get; }
        public UsmAuthentication? Authentication { get; }
        public UsmPrivacy? Privacy { get; }

        /// <summary>contextName (RFC 3411 §3.3.3); empty is the default context.</summary>
        public string ContextName { get; init; } = "";

        /// <summary>contextEngineID, where it is not the authoritative engine itself: a proxy's other side.</summary>
        public SnmpEngineId? ContextEngineId { get; init; }

        public SnmpSecurityLevel Level =>
            Authentication is null ? SnmpSecurityLevel.NoAuthNoPriv : Privacy is null ? SnmpSecurityLevel.AuthNoPriv : SnmpSecurityLevel.AuthPriv;

        public override string ToString() => $"V3 user {SecurityName}, {Level}";
    }

    public static SnmpCredential V1(string community) => new Community(SnmpVersion.V1, Encoding.UTF8.GetBytes(community));

    public static SnmpCredential V2C(string community) => new Community(SnmpVersion.V2C, Encoding.UTF8.GetBytes(community));

    /// <inheritdoc cref="User(string, UsmAuthentication?, UsmPrivacy?)"/>
    public static SnmpCredential V3(string securityName, UsmAuthentication? authentication = null, UsmPrivacy? privacy = null, string contextName = "") =>
        new User(securityName, authentication, privacy) { ContextName = contextName };
}
