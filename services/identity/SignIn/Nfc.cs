using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Fleet.Identity.SignIn;

/// <summary>
/// Unicode normalization form C (UAX #15). Written out, because Fleet runs without ICU (InvariantGlobalization), where <c>string.Normalize</c> hands back what it is given.
/// </summary>
public static class Nfc
{
    // Hangul syllables are composed by arithmetic (The Unicode Standard, §3.12).
    private const int S = 0xAC00, L = 0x1100, V = 0x1161, T = 0x11A7, Ls = 19, Vs = 21, Ts = 28;

    private static readonly FrozenDictionary<int, int[]> Parts;
    private static readonly FrozenDictionary<(int, int), int> Whole;
    private static readonly FrozenDictionary<int, int> Classes;

    static Nfc()
    {
        Dictionary<int, int[]> parts = [];
        Dictionary<(int, int), int> whole = [];
        Dictionary<int, int> classes = [];
        using var file = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("nfc.txt")!);
        while (file.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var words = line.Split(' ');
            if (words[0].Split('-') is [var first, var last])
            {
                for (var c = Hex(first); c <= Hex(last); c++)
                    classes[c] = int.Parse(words[1], CultureInfo.InvariantCulture);
                continue;
            }
            var made = words[1..].Where(word => word != "!").Select(Hex).ToArray();
            parts[Hex(words[0])] = made;
            if (words[^1] != "!")
                whole[(made[0], made[1])] = Hex(words[0]);
        }
        (Parts, Whole, Classes) = (parts.ToFrozenDictionary(), whole.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }

    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        var letters = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, letters);
        Order(letters);
        var normal = new StringBuilder(text.Length);
        foreach (var letter in Composed(letters))
            normal.Append(new Rune(letter));
        return normal.ToString();
    }

    private static void Decompose(int letter, List<int> into)
    {
        if (letter is >= S and < S + (Ls * Vs * Ts))
        {
            var at = letter - S;
            into.AddRange([L + (at / (Vs * Ts)), V + (at % (Vs * Ts) / Ts)]);
            if (at % Ts != 0)
                into.Add(T + (at % Ts));
        }
        else if (Parts.TryGetValue(letter, out var parts))
            foreach (var part in parts)
                Decompose(part, into);
        else
            into.Add(letter);
    }

    // Marks behind one letter, by class; those of one class keep their order.
    private static void Order(List<int> letters)
    {
        for (var i = 1; i < letters.Count; i++)
            for (var k = i; k > 0 && Class(letters[k]) != 0 && Class(letters[k - 1]) > Class(letters[k]); k--)
                (letters[k - 1], letters[k]) = (letters[k], letters[k - 1]);
    }

    private static List<int> Composed(List<int> letters)
    {
        var made = new List<int>(letters.Count);
        var (starter, before) = (-1, -1); // where the last letter is, and the class of what stands between it and here
        foreach (var letter in letters)
        {
            var mark = Class(letter);
            if (starter >= 0 && (before < mark || before < 0) && Compose(made[starter], letter) is { } whole)
            {
                made[starter] = whole;
                continue;
            }
            before = mark;
            if (mark == 0)
                (starter, before) = (made.Count, -1);
            made.Add(letter);
        }
        return made;
    }

    private static int? Compose(int first, int second) => (first, second) switch
    {
        ( >= L and < L + Ls, >= V and < V + Vs) => S + ((((first - L) * Vs) + (second - V)) * Ts),
        ( >= S and < S + (Ls * Vs * Ts), > T and < T + Ts) when (first - S) % Ts == 0 => first + (second - T),
        _ => Whole.TryGetValue((first, second), out var whole) ? whole : null,
    };

    private static int Class(int letter) => Classes.GetValueOrDefault(letter);

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
