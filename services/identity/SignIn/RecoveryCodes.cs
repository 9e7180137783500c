using Fleet.Identity.People;

namespace Fleet.Identity.SignIn;

/// <summary>For the day the telephone is gone: ten codes of 50 random bits, each good once. Kept are keyed hashes; tries are counted, as for every code.</summary>
public static class RecoveryCodes
{
    public const int Count = 10;
    private const int Length = 10;

    // Crockford's letters: none is taken for another.
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <param name="random">A number below 32, each time anew.</param>
    public static IReadOnlyList<string> New(Func<int> random) =>
        [.. Enumerable.Range(0, Count).Select(_ => new string([.. Enumerable.Range(0, Length).Select(_ => Letters[random()])]).Insert(Length / 2, "-"))];

    public static string HashOf(PeopleKey key, string person, string code) => key.Sign("recovery", $"{person}\n{Plain(code)}");

    /// <summary>Hash of the code that was typed, when it is one that is left.</summary>
    public static string? Find(PeopleKey key, string person, SecondFactor factor, string? typed) => typed is { Length: <= 64 } && HashOf(key, person, typed) is var hash && factor.Recovery.Contains(hash) ? hash : null;

    private static string Plain(string code) => new([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant).Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })]);
}
