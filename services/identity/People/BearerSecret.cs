using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Identity.People;

/// <summary>
/// What a person, or a client in its name, shows once or for a while: <c>{person}.{subject}.{32 random bytes, base64url}</c>. It names the stream it is checked against; kept of it is a hash.
/// </summary>
/// <param name="Subject">What of the person it opens: an invitation, or a grant's id.</param>
/// <param name="Hash">SHA-256 of the whole, hex.</param>
public sealed record BearerSecret(string Person, string Subject, string Text, string Hash)
{
    private const int Longest = 256;

    /// <param name="random">32 bytes nobody can guess.</param>
    public static BearerSecret Of(string person, string subject, byte[] random) => Of(person, subject, $"{person}.{subject}.{Base64Url.EncodeToString(random)}");

    /// <summary>Null when it has not even the form of one.</summary>
    public static BearerSecret? Read(string? text) =>
        text is { Length: <= Longest } && text.Split('.') is [{ Length: > 0 } person, { Length: > 0 } subject, { Length: > 0 }] ? Of(person, subject, text) : null;

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static BearerSecret Of(string person, string subject, string text) => new(person, subject, text, HashOf(text));
}
