namespace Fleet.Identity.Tenants;

/// <summary>A name for people to read: what it says is theirs, that it fits on a line is ours.</summary>
public static class DisplayName
{
    public const string Rule = "1 to 200 characters, no line breaks, no blanks at either end";

    public static bool Holds(string? text) => text is { Length: >= 1 and <= 200 } && text.Trim() == text && !text.Any(char.IsControl);
}
