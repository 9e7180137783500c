using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Identity.Clients;

/// <summary>
/// <c>pbkdf2-sha256$iterations$salt$hash</c>, salt and hash in base64 (RFC 8018, PBKDF2 with HMAC-SHA-256). Client secrets are 32 random
/// bytes, so the iterations guard against a leaked file being tried, not against guessing.
/// </summary>
public sealed record SecretHash(int Iterations, byte[] Salt, byte[] Hash)
{
    private const string Scheme = "pbkdf2-sha256";
    private const int FewestIterations = 10_000, MostIterations = 10_000_000, ShortestSalt = 8, Length = 32;

    /// <summary>What an unknown client is compared with, so that its answer takes as long as a known one's.</summary>
    public static readonly SecretHash OfNobody = new(100_000, new byte[16], new byte[Length]);

    /// <summary>Null when the text is none, or is too weak or too costly to be used.</summary>
    public static SecretHash? Parse(string text)
    {
        var parts = text.Split('$');
        if (parts.Length != 4 || parts[0] != Scheme
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < FewestIterations or > MostIterations)
            return null;
        var (salt, hash) = (Bytes(parts[2]), Bytes(parts[3]));
        return salt is { Length: >= ShortestSalt } && hash is { Length: Length } ? new(iterations, salt, hash) : null;
    }

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string secret) => CryptographicOperations.FixedTimeEquals(
        Hash, Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), Salt, Iterations, HashAlgorithmName.SHA256, Length));

    private static byte[]? Bytes(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var written) ? bytes[..written] : null;
    }
}
