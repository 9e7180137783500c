using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.EventStore;

namespace Fleet.Defaults;

// ["key","us","<JWE for us>"] … ["row","<JWE under that key>"] …
/// <summary>
/// A module's own section as the file has it: its lines hold keys, and are for the destination's eyes alone. They are sealed under a key of this one export, and that key for each region that may open it.
/// The manifest has the hash of both: of the lines, so that both regions can compare them, and of what is in the file.
/// </summary>
internal static class SealedSection
{
    private const string Suffix = ".sealed";

    private const int KeyLength = 32;

    public static string NameOf(string section) => section + Suffix;

    /// <summary>The section that is sealed in this one; null when none is.</summary>
    public static string? OpenedName(string section) => section.EndsWith(Suffix, StringComparison.Ordinal) ? section[..^Suffix.Length] : null;

    /// <param name="opened">Hears each line as it is.</param>
    public static async IAsyncEnumerable<string> SealAsync(IAsyncEnumerable<string> lines, IReadOnlyList<(string Region, PublicKey Key)> to, ContentHash opened)
    {
        var key = RandomNumberGenerator.GetBytes(KeyLength);
        foreach (var (region, theirs) in to)
            yield return JsonSerializer.Serialize(new[] { "key", region, CompactJwe.SealFor(theirs, key) });
        await foreach (var line in lines)
        {
            opened.Add(line);
            yield return JsonSerializer.Serialize(new[] { "row", CompactJwe.SealUnder(key, Encoding.UTF8.GetBytes(line)) });
        }
    }

    /// <param name="inFile">Hears each row as it is in the file.</param>
    /// <exception cref="InvalidOperationException">It is sealed for others.</exception>
    /// <exception cref="InvalidDataException">It is not as it was sealed.</exception>
    public static async IAsyncEnumerable<string> OpenAsync(IAsyncEnumerable<string> rows, SealingKey own, string here, ContentHash inFile, [EnumeratorCancellation] CancellationToken ct = default)
    {
        byte[]? key = null;
        await foreach (var row in rows.WithCancellation(ct))
        {
            inFile.Add(row);
            switch (Read(row))
            {
                case ["key", _, var jwe]:
                    key ??= CompactJwe.Open(own, jwe);
                    break;
                case ["row", var jwe]:
                    yield return Encoding.UTF8.GetString(CompactJwe.Open(key ?? throw new InvalidOperationException(
                        $"The export is not sealed for region '{here}' and the key it has now: close the tenant for it (or say --for {here}), and export again"), jwe) ?? throw Broken());
                    break;
                default:
                    throw Broken();
            }
        }
    }

    private static string[]? Read(string row)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(row);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static InvalidDataException Broken() => new("A row of the export was sealed otherwise: rows are missing, added or changed");
}
