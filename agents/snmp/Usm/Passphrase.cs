using System.Security.Cryptography;
using System.Text;

namespace Fleet.Snmp.Usm;

/// <summary>A user's secret as people type it. Compares by content; never prints it.</summary>
public sealed class Passphrase : IEquatable<Passphrase>
{
    /// <summary>RFC 3414 §11.2. Shorter ones are refused by every agent that follows it, so they are refused here where somebody can still be told.</summary>
    public const int MinOctets = 8;

    public const int MaxOctets = 1024;

    private readonly byte[] octets;

    /// <exception cref="ArgumentException">Fewer than 8 or more than 1024 octets of UTF-8.</exception>
    public Passphrase(string text)
    {
        octets = Encoding.UTF8.GetBytes(text);
        if (octets.Length is < MinOctets or > MaxOctets)
            throw new ArgumentException($"A passphrase has {MinOctets} to {MaxOctets} octets, not {octets.Length} (RFC 3414 §11.2)", nameof(text));
    }

    internal ReadOnlySpan<byte> Octets => octets;

    public bool Equals(Passphrase? other) => other is not null && CryptographicOperations.FixedTimeEquals(octets, other.octets);

    public override bool Equals(object? obj) => Equals(obj as Passphrase);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(octets);
        return hash.ToHashCode();
    }

    public override string ToString() => "(passphrase)";
}
