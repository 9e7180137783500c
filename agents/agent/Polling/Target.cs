using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Snmp;

namespace Fleet.Agent.Polling;

/// <summary>One device to visit.</summary>
/// <param name="Name">A salted hash of address, port and community or the credential's name: what the state directory knows it by.</param>
public sealed record Target(string Name, string Address, int Port, SnmpCredential Opens)
{
    public SnmpPatience Patience { get; init; } = SnmpPatience.Device;

    /// <summary>Made when it is asked: thousands of devices rest for most of their time.</summary>
    public SnmpTarget Snmp => new(new IPEndPoint(IPAddress.Parse(Address), Port), Opens, Patience);

    /// <param name="askAt">Another UDP port to ask at, the name staying the same: a demo's history.</param>
    public static Target Of(TargetConfig config, byte[] salt, int? askAt = null) => new(
        NameOf(string.Create(CultureInfo.InvariantCulture, $"{config.Address}:{config.Port}/{(config.Credential is { } named ? $"#{named}" : config.Community)}"), salt),
        config.Address, askAt ?? config.Port, config.Opens);

    /// <summary>HMAC-SHA-256, its first 128 bits as lower-case hex.</summary>
    public static string NameOf(string text, byte[] salt) => Convert.ToHexStringLower(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
