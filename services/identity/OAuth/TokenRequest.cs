using System.Net;
using System.Text;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.OAuth;

/// <summary>What a client sent to the token endpoint, read as RFC 6749 §2.3.1 and §4.4.2 say.</summary>
/// <param name="Secret">Empty where it signs instead.</param>
/// <param name="Scope">Null: everything the client may have.</param>
/// <param name="Assertion">What it signed (RFC 7523), not verified yet.</param>
public sealed record TokenRequest(string ClientId, string Secret, IReadOnlyList<string>? Scope, string? Assertion = null)
{
    public const string ClientCredentials = "client_credentials", AuthorizationCode = "authorization_code";

    /// <param name="authorization">The header, null when there is none.</param>
    /// <param name="form">Every value of a form field; RFC 6749 §3.2 forbids more than one.</param>
    public static (TokenRequest? Request, TokenError? Error) Read(string? authorization, IReadOnlyDictionary<string, IReadOnlyList<string>> form)
    {
        if (form.FirstOrDefault(field => field.Value.Count > 1).Key is { } twice)
            return (null, TokenError.InvalidRequest($"'{twice}' is there more than once."));
        string? Field(string name) => form.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] ? value : null;

        if (Field("grant_type") is not { } grant)
            return (null, TokenError.InvalidRequest("'grant_type' is missing."));
        if (grant != ClientCredentials)
            return (null, TokenError.UnsupportedGrant($"Only '{AuthorizationCode}', '{ClientCredentials}', '{AgentClient.DeviceCode}' and '{AgentClient.RefreshToken}' are understood."));

        var scope = ScopeOf(new(form));
        if (Field("client_assertion") is not null || Field("client_assertion_type") is not null)
            return authorization is null && Field("client_secret") is null
                ? Signed(Field("client_assertion"), Field("client_assertion_type"), Field("client_id"), scope)
                : (null, TokenError.InvalidRequest("The client authenticates twice: by a secret and by an assertion."));
        if (authorization is null)
            return Field("client_id") is { } id && Field("client_secret") is { } secret
                ? (new(id, secret, scope), null)
                : (null, TokenError.InvalidClient("There is neither a Basic authorization header nor client_id and client_secret nor a client_assertion."));

        if (Field("client_secret") is not null)
            return (null, TokenError.InvalidRequest("The client authenticates twice: in the header and in the body."));
        if (Basic(authorization) is not var (basicId, basicSecret))
            return (null, TokenError.InvalidClient("The authorization header is not 'Basic' with base64 of 'id:secret'."));
        return Field("client_id") is { } named && named != basicId
            ? (null, TokenError.InvalidRequest("'client_id' names another client than the authorization header."))
            : (new(basicId, basicSecret, scope), null);
    }

    /// <summary>As the client calls itself, before anything is verified; null when it does not.</summary>
    public static string? ClientOf(string? authorization, OAuthForm form) =>
        form.Field("client_id") ?? (authorization is null ? null : Basic(authorization)?.Id) ?? (form.Field("client_assertion") is { } assertion ? CheckAssertion.Subject(assertion) : null);

    private static (TokenRequest?, TokenError?) Signed(string? assertion, string? type, string? named, IReadOnlyList<string>? scope)
    {
        if (type != CheckAssertion.Type)
            return (null, TokenError.InvalidClient($"'client_assertion_type' is to be '{CheckAssertion.Type}'."));
        if (assertion is null || CheckAssertion.Subject(assertion) is not { } client)
            return (null, TokenError.InvalidClient("'client_assertion' is no signed JWT with the client as its subject."));
        return named is not null && named != client
            ? (null, TokenError.InvalidRequest("'client_id' names another client than the assertion."))
            : (new(client, "", scope, assertion), null);
    }

    /// <summary>Null when it asks for none in particular.</summary>
    public static IReadOnlyList<string>? ScopeOf(OAuthForm form) => form.Field("scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static (string Id, string Secret)? Basic(string header)
    {
        const string scheme = "Basic ";
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var encoded = header[scheme.Length..].Trim();
        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var written))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, written);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        // Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
        return colon > 0 ? (WebUtility.UrlDecode(text[..colon]), WebUtility.UrlDecode(text[(colon + 1)..])) : null;
    }
}
