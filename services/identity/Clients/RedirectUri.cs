namespace Fleet.Identity.Clients;

/// <summary>
/// Where a client's people are sent back to: compared character by character (RFC 9700 §2.1), but for the port of a program on the person's own machine, which takes whichever is free (RFC 8252 §7.3).
/// </summary>
public static class RedirectUri
{
    /// <summary>Why it cannot be registered; null when it can.</summary>
    public static string? Fault(string? text) =>
        text is not { Length: > 0 and <= 2000 } || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? $"'{text}' is no address to come back to"
        : text.Contains('#', StringComparison.Ordinal) || text.Contains('*', StringComparison.Ordinal) || uri.UserInfo.Length > 0 ? $"'{text}': an address to come back to has no fragment, no user and no wildcard"
        : uri.Scheme == Uri.UriSchemeHttps || IsLoopback(uri) || IsPrivate(uri) ? null
        : $"'{text}' is neither https, nor http on a loopback address, nor a scheme of the program's own as com.example.app:/back (RFC 8252)";

    public static bool Matches(IEnumerable<string> registered, string shown) => registered.Any(one => one == shown || IsSameButForPort(one, shown));

    private static bool IsSameButForPort(string registered, string shown) =>
        Uri.TryCreate(registered, UriKind.Absolute, out var one) && Uri.TryCreate(shown, UriKind.Absolute, out var other) && IsLoopback(one) && IsLoopback(other)
        // Put together anew, so that nothing but the port can differ: no user, no other spelling of the path.
        && shown == $"{other.Scheme}://{other.Host}:{other.Port}{registered[WithoutPath(registered)..]}" && one.Host == other.Host;

    private static int WithoutPath(string uri) => uri.IndexOf('/', "http://".Length) is >= 0 and var at ? at : uri.Length;

    // Names may be made to lead elsewhere; these two cannot (RFC 8252 §8.3).
    private static bool IsLoopback(Uri uri) => uri.Scheme == Uri.UriSchemeHttp && uri.Host is "127.0.0.1" or "[::1]";

    private static bool IsPrivate(Uri uri) => uri.Scheme.Contains('.', StringComparison.Ordinal);
}
