using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

/// <summary>One name of a device as the index keeps it: <c>serial/KYOCERA/VXA1</c>, <c>mac/00:17:C8:0A:0B:0C</c>, <c>address/hq/192.0.2.17</c>, <c>key/hq/k1</c>.</summary>
public static class DeviceName
{
    public const string SerialKind = "serial", MacKind = "mac", AddressKind = "address", KeyKind = "key";

    // An index entry of PostgreSQL holds 2,700 bytes.
    private const int Longest = 200;

    public static string Plain(string text) => text.Trim().ToUpperInvariant();

    public static string Serial(string manufacturer, string serial) => Short($"{SerialKind}/{Plain(manufacturer)}/{Plain(serial)}");

    public static string Mac(string mac) => Short($"{MacKind}/{Plain(mac)}");

    public static string Address(string site, string address) => Short($"{AddressKind}/{site}/{Plain(address)}");

    public static string Key(string site, string key) => Short($"{KeyKind}/{site}/{key}");

    /// <summary>A serial number together with the MAC or address that claims it, once two do.</summary>
    public static string Claim(string serial, string by) => Short($"claim/{serial}/{by}");

    public static string KindOf(string name) => name[..name.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Of an address or a key; null of other names.</summary>
    public static string? SiteOf(string name) => KindOf(name) is AddressKind or KeyKind ? name.Split('/', 3)[1] : null;

    /// <summary>The same address, heard from two sites: one place more likely than two.</summary>
    public static bool SamePlace(string name, string? address) =>
        address is not null && KindOf(name) == AddressKind && name.Split('/', 3) is [_, _, var one] && address.Split('/', 3) is [_, _, var other] && one == other;

    private static string Short(string name) => name.Length <= Longest
        ? name
        : $"{string.Join('/', name.Split('/', 3)[..2])[..Math.Min(100, string.Join('/', name.Split('/', 3)[..2]).Length)]}/#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";
}

/// <summary>What one observation calls its device.</summary>
/// <param name="Claim">Null without a serial number, or without a MAC and an address.</param>
public sealed record Names(string? Serial, string? Mac, string? Address, string Key, string? Claim)
{
    /// <summary>The strongest first.</summary>
    public IEnumerable<string> All => new[] { Serial, Mac, Key, Address }.OfType<string>();

    /// <summary>All it may be known by.</summary>
    public IEnumerable<string> Known => Claim is null ? All : All.Append(Claim);

    public static Names Of(string site, DeviceRef device)
    {
        var serial = device is { Manufacturer: { Length: > 0 } manufacturer, Serial: { Length: > 0 } number } ? DeviceName.Serial(manufacturer, number) : null;
        var mac = device.Mac is { Length: > 0 } eui ? DeviceName.Mac(eui) : null;
        var address = device.Address is { Length: > 0 } ip ? DeviceName.Address(site, ip) : null;
        return new(serial, mac, address, DeviceName.Key(site, device.Key), serial is null || (mac ?? address) is not { } by ? null : DeviceName.Claim(serial, by));
    }
}
