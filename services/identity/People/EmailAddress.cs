namespace Fleet.Identity.People;

/// <summary>An address somebody signs in with, as it was given. Whether it reaches anybody only a mail can show; what matters here is that it is one line with one @ (RFC 5321 lengths).</summary>
public sealed record EmailAddress
{
    public const string Rule = "one address as in name@example.com, 254 characters at most";

    private EmailAddress(string text) => Text = text;

    public string Text { get; }

    /// <summary>Null when it is none.</summary>
    public static EmailAddress? Read(string? text) =>
        text?.Trim() is { Length: >= 3 and <= 254 } one && one.Split('@') is [{ Length: > 0 and <= 64 }, { Length: > 0 }] && !one.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';')
            ? new(one) : null;

    /// <summary>Nothing of it goes into a log by accident.</summary>
    public override string ToString() => "an e-mail address";
}
