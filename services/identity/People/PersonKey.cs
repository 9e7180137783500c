using System.Security.Cryptography;
using System.Text;

namespace Fleet.Identity.People;

/// <summary>
/// One person's own key, AES-256-GCM (NIST SP 800-38D). Everything personal is sealed with it before it goes into an event; once it is destroyed, nobody opens that any more, and the events stay as they are.
/// </summary>
public sealed class PersonKey(string person, byte[] key)
{
    public const int Length = 32;
    private const int Nonce = 12, Tag = 16;

    /// <param name="field">What it is: <c>name</c>, <c>email</c>, …; opens as nothing else.</param>
    /// <returns>base64 of nonce, sealed text and tag.</returns>
    public string Seal(string field, string text) => Convert.ToBase64String(Seal(key, Encoding.UTF8.GetBytes(text), About(field)));

    /// <exception cref="CryptographicException">Another's, another field's, or changed.</exception>
    public string Open(string field, string text) => Encoding.UTF8.GetString(Open(key, Convert.FromBase64String(text), About(field)));

    internal static byte[] Seal(byte[] key, byte[] plain, byte[] about)
    {
        var whole = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(whole.AsSpan(0, Nonce));
        using var cipher = new AesGcm(key, Tag);
        cipher.Encrypt(whole.AsSpan(0, Nonce), plain, whole.AsSpan(Nonce, plain.Length), whole.AsSpan(Nonce + plain.Length), about);
        return whole;
    }

    internal static byte[] Open(byte[] key, byte[] whole, byte[] about)
    {
        if (whole.Length < Nonce + Tag)
            throw new CryptographicException("Too short to be sealed");
        var plain = new byte[whole.Length - Nonce - Tag];
        using var cipher = new AesGcm(key, Tag);
        cipher.Decrypt(whole.AsSpan(0, Nonce), whole.AsSpan(Nonce, plain.Length), whole.AsSpan(Nonce + plain.Length), plain, about);
        return plain;
    }

    private byte[] About(string field) => Encoding.UTF8.GetBytes($"{person}/{field}");
}
