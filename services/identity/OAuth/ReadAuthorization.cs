// GET /oauth/authorize -> what a client asks for in a person's name
using Fleet.Defaults;
using Fleet.Identity.Clients;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 6749 §4.1.1 with RFC 7636.</summary>
/// <param name="Challenge">S256 of the verifier the client keeps for the token endpoint.</param>
/// <param name="Scope">Empty: all the person may.</param>
public sealed record AuthorizationRequest(
    string Client, string Redirect, string? State, IReadOnlyList<string> Scope, string Challenge, string? Nonce, IReadOnlyList<string> Prompt, string? LoginHint, TimeSpan? MaxAge);

/// <summary>RFC 6749 §4.1.2.1: told to the client, by way of the browser.</summary>
public sealed record AuthorizationError(string Redirect, string? State, string Error, string Description);

public static class ReadAuthorization
{
    public const string OpenId = "openid", Email = "email", Profile = "profile";

    private const int ChallengeLength = 43, Longest = 2048;

    private static readonly string[] Words = [OpenId, Email, Profile, .. Enum.GetValues<Right>().Select(Rights.NameOf)];

    public static IReadOnlyList<string> Scopes => Words;

    /// <param name="query">Every value of each parameter.</param>
    /// <param name="client">The one 'client_id' names; <see cref="Client.None"/> when there is none.</param>
    /// <returns>What is asked; or what is wrong with it, for the client; or for the person, who must not be sent on: it is not known to whom.</returns>
    public static (AuthorizationRequest? Request, AuthorizationError? Error, string? Fault) Decide(IReadOnlyDictionary<string, IReadOnlyList<string>> query, Client client)
    {
        string? One(string name) => query.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] ? value : null;
        if (One("client_id") is not { } id || client is not { RedirectUris: { } registered, IsDisabled: false })
            return (null, null, "The program that sent you here is not known.");
        if (One("redirect_uri") is not { } redirect || !RedirectUri.Matches(registered, redirect))
            return (null, null, "The program that sent you here names an address to go back to that is not its own.");

        var state = One("state");
        (AuthorizationRequest?, AuthorizationError?, string?) No(string error, string description) => (null, new(redirect, state, error, description), null);
        if (query.FirstOrDefault(one => one.Value.Count > 1).Key is { } twice)
            return No("invalid_request", $"'{twice}' is there more than once.");
        if (One("request") is not null)
            return No("request_not_supported", "Request objects are not understood.");
        if (One("request_uri") is not null)
            return No("request_uri_not_supported", "Request objects are not understood.");
        if (One("response_type") is not { } type)
            return No("invalid_request", "'response_type' is missing.");
        if (type != "code")
            return No("unsupported_response_type", "Only 'code' is understood.");
        if (One("response_mode") is { } mode && mode != "query")
            return No("invalid_request", "Only the response mode 'query' is understood.");
        if (One("code_challenge") is not { } challenge)
            return No("invalid_request", "'code_challenge' is missing: PKCE is required (RFC 7636).");
        if (One("code_challenge_method") != "S256")
            return No("invalid_request", "'code_challenge_method' is to be S256.");
        if (challenge.Length != ChallengeLength || !challenge.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            return No("invalid_request", "'code_challenge' is to be a SHA-256 in base64url: 43 characters.");
        if (query.FirstOrDefault(one => one.Value.Any(value => value.Length > Longest)).Key is { } longer)
            return No("invalid_request", $"'{longer}' is longer than {Longest} characters.");
        var scope = One("scope")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (scope.FirstOrDefault(word => !Words.Contains(word)) is { } unknown)
            return No("invalid_scope", $"'{new string([.. unknown.Where(IsPlain)])}' is no scope.");
        var prompt = One("prompt")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (prompt.Any(word => word is not ("none" or "login" or "consent" or "select_account")) || (prompt.Contains("none") && prompt.Length > 1))
            return No("invalid_request", "'prompt' is to be none, login, consent or select_account; none only alone.");
        var age = -1;
        if (One("max_age") is { } text && (!int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out age) || age < 0))
            return No("invalid_request", "'max_age' is to be a number of seconds.");
        return (new(id, redirect, state, scope, challenge, One("nonce"), prompt, One("login_hint"), age < 0 ? null : TimeSpan.FromSeconds(age)), null, null);
    }

    // §4.1.2.1: what an error_description may hold.
    private static bool IsPlain(char c) => c is >= ' ' and <= '~' and not ('"' or '\\');
}
