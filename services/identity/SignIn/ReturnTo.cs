namespace Fleet.Identity.SignIn;

/// <summary>Where a browser goes on after signing in: a page of ours, never another site (open redirects).</summary>
public static class ReturnTo
{
    public const string Account = "/account";

    private static readonly string[] Ours = ["/oauth/authorize?", "/device?user_code=", "/device", Account];

    /// <summary>The path, or the person's own page when it is none of ours.</summary>
    public static string Read(string? path) =>
        path is { Length: <= 4096 } && Ours.Any(one => one[^1] is '?' or '=' ? path.StartsWith(one, StringComparison.Ordinal) : path == one) && !path.Any(char.IsControl) ? path : Account;

    public static string SignIn(string path) => $"/account/signin?return={Uri.EscapeDataString(path)}";
}
