using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Fleet.Identity.OAuth;

/// <summary>The body of a request to an OAuth endpoint: a short form, each field at most once (RFC 6749 §3.2).</summary>
public sealed record OAuthForm(IReadOnlyDictionary<string, IReadOnlyList<string>> Fields)
{
    private const int Longest = 16 * 1024;

    // Who sends its body in chunks names no length: it is bound while it is read.
    private static readonly FormOptions Bounds = new() { ValueCountLimit = 32, KeyLengthLimit = 128, ValueLengthLimit = Longest };

    private static readonly TokenError NoForm = TokenError.InvalidRequest("The body is to be a short application/x-www-form-urlencoded form.");

    /// <summary>Null when it is missing or empty.</summary>
    public string? Field(string name) => Fields.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] ? value : null;

    public static async Task<(OAuthForm? Form, TokenError? Error)> ReadAsync(HttpRequest http, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(http.ContentType, out var type) || type.MediaType != "application/x-www-form-urlencoded" || http.ContentLength is > Longest)
            return (null, NoForm);
        try
        {
            var fields = (await http.ReadFormAsync(Bounds, cancel)).ToDictionary(field => field.Key, field => (IReadOnlyList<string>)[.. field.Value.OfType<string>()]);
            return fields.FirstOrDefault(field => field.Value.Count > 1).Key is { } twice
                ? (null, TokenError.InvalidRequest($"'{twice}' is there more than once."))
                : (new(fields), null);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or BadHttpRequestException)
        {
            return (null, NoForm);
        }
    }
}
