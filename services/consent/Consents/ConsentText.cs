using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace Fleet.Consent.Consents;

/// <summary>The text a customer agrees to, in one language. Another text is another version; what was agreed to is kept as version, language and hash.</summary>
/// <param name="Language">BCP 47: <c>en</c>, <c>de</c>, <c>fr</c> or <c>sv</c>.</param>
/// <param name="Hash">SHA-256 of the text in UTF-8, lower-case hex.</param>
public sealed record ConsentText(string Version, string Language, string Hash, string Text)
{
    private const string Newest = "1.1";

    /// <summary>The newest, once in each language; English first, for who asks for none of them.</summary>
    public static readonly IReadOnlyList<ConsentText> Current = [.. new[] { "en", "de", "fr", "sv" }.Select(language => Read(Newest, language))];

    /// <summary>Whether what was agreed to under one text is to be asked for anew under another: a new first number says something new, a second one (<c>1.1</c>) says the same better.</summary>
    public static bool AsksAnew(string? agreed, string current) => agreed is not null && Major(agreed) < Major(current);

    private static int Major(string version) => int.Parse(version.Split('.')[0], CultureInfo.InvariantCulture);

    /// <summary>Any that ever was; null when there never was one.</summary>
    public static ConsentText? Find(string version, string language) => typeof(ConsentText).Assembly.GetManifestResourceInfo(NameOf(version, language)) is null ? null : Read(version, language);

    /// <summary>The first that a reader prefers.</summary>
    /// <param name="preferred">As in <c>Accept-Language</c> (RFC 9110 §12.5.4): <c>de-AT, fr;q=0.5</c>. What is none of these languages, or no such list, is passed over.</param>
    public static ConsentText For(string? preferred) =>
        (StringWithQualityHeaderValue.TryParseList([preferred ?? ""], out var wanted) ? wanted : [])
            .Where(one => one.Quality is null or > 0).OrderByDescending(one => one.Quality ?? 1)
            .Select(one => Current.FirstOrDefault(text => text.Language.Equals(one.Value.Value!.Split('-')[0], StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(text => text is not null) ?? Current[0];

    private static ConsentText Read(string version, string language)
    {
        using var resource = typeof(ConsentText).Assembly.GetManifestResourceStream(NameOf(version, language))!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        var text = reader.ReadToEnd();
        return new(version, language, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), text);
    }

    private static string NameOf(string version, string language) => $"consent-text.{version}.{language}.md";
}
