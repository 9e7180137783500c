using System.Security.Cryptography;
using System.Text;

namespace Fleet.Cli.Local;

/// <summary>Passwords: 32 random bytes as hexadecimal, so that no file, URL or connection string needs to quote them.</summary>
public static class Secret
{
    public static string New() => RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>For people, who may have to type it: twenty letters and digits that are not taken for each other, 98 bits.</summary>
    public static string NewPassword() => string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 5)));

    private const int Iterations = 100_000;

    /// <summary><c>pbkdf2-sha256$iterations$salt$hash</c>, salt and hash in base64: what identity compares a client's secret with.</summary>
    public static string Hash(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, Iterations, HashAlgorithmName.SHA256, 32);
        return $"pbkdf2-sha256${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }
}
