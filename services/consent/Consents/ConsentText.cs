using System.Security.Cryptography;
using System.Text;

namespace Fleet.Consent.Consents;

/// <summary>The text a customer agrees to. Another text is another version; what was agreed to is kept as version and hash.</summary>
/// <param name="Hash">SHA-256 of the text in UTF-8, lower-case hex.</param>
public sealed record ConsentText(string Version, string Hash, string Text)
{
    public static readonly ConsentText Current = Read("1");

    private static ConsentText Read(string version)
    {
        using var resource = typeof(ConsentText).Assembly.GetManifestResourceStream("consent-text.md")!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var text = reader.ReadToEnd();
        return new(version, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), text);
    }
}
