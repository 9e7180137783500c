using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

/// <summary>Which device an edge event speaks of. The one place that says so; merges and splits will start here.</summary>
public static class DeviceIdentity
{
    /// <summary>
    /// (manufacturer, serial), else MAC, else address, else the agent's own key. An address and a key mean something inside one site
    /// only. 16 hex digits of SHA-256: the same device gets the same id whoever computes it, and nobody reads an address out of it.
    /// </summary>
    public static string IdOf(string tenant, string site, DeviceRef device) => Hash(device switch
    {
        { Manufacturer: { Length: > 0 } manufacturer, Serial: { Length: > 0 } serial } => ["serial", tenant, Plain(manufacturer), Plain(serial)],
        { Mac: { Length: > 0 } mac } => ["mac", tenant, Plain(mac)],
        { Address: { Length: > 0 } address } => ["address", tenant, site, Plain(address)],
        _ => ["key", tenant, site, device.Key],
    });

    private static string Plain(string text) => text.Trim().ToUpperInvariant();

    private static string Hash(string[] names) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))).AsSpan(0, 8));
}
