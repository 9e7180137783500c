using System.Security.Cryptography;
using System.Text;

namespace Fleet.EventStore;

/// <summary>Lines, counted and hashed one by one: SHA-256 over each line's UTF-8 and a line feed.</summary>
public sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Rows { get; private set; }

    public void Add(string line)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        hash.AppendData("\n"u8);
        Rows++;
    }

    /// <returns>Lower-case hexadecimal.</returns>
    public string End() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}

/// <summary>A part of what a store has of a tenant.</summary>
/// <param name="Sha256">Of its lines; see <see cref="ContentHash"/>.</param>
public sealed record SectionHash(string Name, long Rows, string Sha256);

/// <summary>A read model of a tenant.</summary>
/// <param name="Version">Of the view; with another one, or another shape, the same events give other rows, and the hashes cannot be compared.</param>
public sealed record ViewHash(string Name, int Version, string Shape, long Rows, string Sha256);
