using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.People;

/// <summary>
/// The key that stands before all others of this service (FLEET_IDENTITY_PEOPLE_KEY, a file of 32 bytes or more): wraps each person's key, hashes addresses so that they can be looked up, and seals what a
/// browser carries from page to page. Each use has a key of its own (HKDF, RFC 5869). Who has the database alone reads nothing personal.
/// </summary>
public sealed class PeopleKey
{
    public const string Setting = "FLEET_IDENTITY_PEOPLE_KEY";
    private const int Least = 32;

    private readonly byte[] _wrap, _address, _ticket;

    public PeopleKey(byte[] secret)
    {
        if (secret.Length < Least)
            throw new ArgumentException($"A key of at least {Least} bytes is needed");
        byte[] Of(string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, PersonKey.Length, info: Encoding.UTF8.GetBytes($"fleet people {use}"));
        (_wrap, _address, _ticket) = (Of("wrap"), Of("address"), Of("ticket"));
    }

    public static PeopleKey Open(IConfiguration settings)
    {
        var file = settings[Setting] ?? throw new InvalidOperationException($"{Setting} is not set: the path of a file with a secret of {Least} bytes or more, which nobody else may read");
        try
        {
            return new(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"{Setting}, {file}: {e.Message}", e);
        }
    }

    /// <summary>A person's key as it is kept.</summary>
    public byte[] Wrap(string person, byte[] key) => PersonKey.Seal(_wrap, key, Encoding.UTF8.GetBytes(person));

    public PersonKey Unwrap(string person, byte[] wrapped) => new(person, UnwrapRaw(person, wrapped));

    /// <summary>For who takes it to another region, where another key stands before all others.</summary>
    public byte[] UnwrapRaw(string person, byte[] wrapped) => PersonKey.Open(_wrap, wrapped, Encoding.UTF8.GetBytes(person));

    /// <summary>By which an address is found, and cannot be guessed without this key: HMAC-SHA-256 of the address in lower case.</summary>
    public byte[] HashOf(EmailAddress email) => Hash("email", email.Text.ToLowerInvariant());

    /// <summary>The same of who somebody is at another issuer, hex.</summary>
    public string HashOf(string issuer, string subject) => Convert.ToHexStringLower(Hash("login", $"{issuer}\n{subject}"));

    /// <summary>What only this service could have written, for a form to bring back.</summary>
    public string Sign(string use, string text) => Base64Url.EncodeToString(Hash(use, text));

    public string Seal(string use, string text) => Base64Url.EncodeToString(PersonKey.Seal(_ticket, Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(use)));

    /// <summary>Null when it was sealed for another use, changed, or made up.</summary>
    public string? Unseal(string use, string? text)
    {
        try
        {
            return Base64Url.IsValid(text) ? Encoding.UTF8.GetString(PersonKey.Open(_ticket, Base64Url.DecodeFromChars(text), Encoding.UTF8.GetBytes(use))) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private byte[] Hash(string use, string text) => HMACSHA256.HashData(_address, Encoding.UTF8.GetBytes($"{use}\n{text}"));
}
