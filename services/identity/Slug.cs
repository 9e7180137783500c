using System.Text.RegularExpressions;

namespace Fleet.Identity;

/// <summary>
/// Ids people choose and keep for ever: lower case, digits, single hyphens, 2 to 40 characters, a letter first. They stand in routing keys, stream names,
/// scopes and URLs, none of which needs to quote them.
/// </summary>
public static partial class Slug
{
    public const string Rule = "2 to 40 lower-case letters, digits and single hyphens, starting with a letter";

    public static bool Holds(string? text) => text is { Length: >= 2 and <= 40 } && Shape().IsMatch(text);

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
