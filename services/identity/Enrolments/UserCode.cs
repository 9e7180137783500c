namespace Fleet.Identity.Enrolments;

/// <summary>
/// What a person carries from the agent to whoever approves: eight consonants, so that it spells no word and no letter is taken for another (RFC 8628 §6.1);
/// 20^8, 34 bits, for a quarter of an hour.
/// </summary>
public static class UserCode
{
    public const string Letters = "BCDFGHJKLMNPQRSTVWXZ";
    private const int Length = 8;

    /// <param name="letters">Eight numbers below 20.</param>
    public static string Of(ReadOnlySpan<int> letters)
    {
        Span<char> code = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
            code[i] = Letters[letters[i]];
        return new(code);
    }

    /// <summary>As people read and type it, <c>BCDF-GHJK</c>.</summary>
    public static string Shown(string code) => $"{code[..4]}-{code[4..]}";

    /// <summary>The code a person meant, whatever the case and whatever stands between the letters; null when it is none.</summary>
    public static string? Read(string? typed)
    {
        if (typed is null or { Length: > 64 })
            return null;
        var code = new string([.. typed.Where(c => !char.IsWhiteSpace(c) && c != '-').Select(char.ToUpperInvariant)]);
        return code.Length == Length && code.All(c => Letters.Contains(c, StringComparison.Ordinal)) ? code : null;
    }
}
