namespace Fleet.Identity.SignIn;

/// <summary>NIST SP 800-63B §3.1.1.2: length, and nothing about which characters.</summary>
public static class PasswordRule
{
    public const int Shortest = 12, Longest = 128;

    /// <summary>Why a text is none; null when it is one. Characters are Unicode's (code points), so a picture counts as one.</summary>
    public static string? Fault(string? password)
    {
        if (password is not { Length: <= Longest * 8 })
            return $"A password has {Shortest} to {Longest} characters.";
        if (password.Contains('\uFFFD', StringComparison.Ordinal) || password.Where((_, i) => IsHalf(password, i)).Any())
            return "The password holds what is no character.";
        return Normal(password).EnumerateRunes().Count() is >= Shortest and <= Longest ? null : $"A password has {Shortest} to {Longest} characters.";
    }

    /// <summary>The one way of writing it (NFC): the same keys give the same password, whatever keyboard or system composed the letters.</summary>
    public static string Normal(string password) => Nfc.Of(password);

    private static bool IsHalf(string text, int at) =>
        (char.IsHighSurrogate(text[at]) && (at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))) || (char.IsLowSurrogate(text[at]) && (at == 0 || !char.IsHighSurrogate(text[at - 1])));
}
