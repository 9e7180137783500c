using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Fleet.Agent.Discovering;

// "192.0.2.0/24, 198.51.100.10-90, printer.example, !192.0.2.1" -> words -> Ranges, or the first word that is wrong. Pure.

public static partial class ParseRanges
{
    private const string Words = "is no address, network (192.0.2.0/24), range (192.0.2.10-192.0.2.90) or host name";

    /// <summary>What one word means; a name, addresses, or what is wrong.</summary>
    private sealed record Meaning(string? Name = null, string? Why = null)
    {
        public IReadOnlyList<AddressSpan> Spans { get; init; } = [];

        /// <summary>The network and broadcast address of a network.</summary>
        public IReadOnlyList<AddressSpan> Edges { get; init; } = [];

        public static Meaning Wrong(string why) => new(Why: why);
    }

    /// <summary>Words stand between blanks, commas, semicolons or line ends; one with <c>!</c> before it is left out, whatever else names it.</summary>
    public static bool TryFrom(string text, [NotNullWhen(true)] out Ranges? ranges, [NotNullWhen(false)] out RangeFault? fault)
    {
        (ranges, fault) = (null, null);
        List<AddressSpan> wanted = [], excluded = [];
        List<string> names = [], excludedNames = [];
        Match? last = null;
        foreach (Match word in Word().Matches(text))
        {
            var isExclusion = word.Value[0] == '!';
            var meaning = Read(isExclusion ? word.Value[1..] : word.Value, isExclusion);
            if (meaning.Why is { } why) return (fault = new(word.Index + 1, word.Value, why)) is null;
            (isExclusion ? excluded : wanted).AddRange(meaning.Spans);
            excluded.AddRange(meaning.Edges);
            if (meaning.Name is { } name) (isExclusion ? excludedNames : names).Add(name);
            if (!isExclusion) last = word;
        }
        ranges = new(AddressSpan.Tidy(wanted, excluded), excluded, [.. names.Distinct(StringComparer.OrdinalIgnoreCase)], excludedNames);
        fault = last is null ? new(1, text.Trim(), "names no address")
            : ranges.Count > Ranges.MaxAddresses ? new(last.Index + 1, last.Value, $"makes it {Ranges.Number((UInt128)ranges.Count)} addresses; at most {Ranges.Number((UInt128)Ranges.MaxAddresses)} are swept")
            : null;
        return fault is null;
    }

    private static Meaning Read(string word, bool isExclusion)
    {
        if (word.Contains('/')) return Network(word.Split('/'), isExclusion);
        if (Address(word) is { } single) return Of(AddressSpan.Of(single));
        if (word.Split('-') is [var from, var to] && Address(from) is { } first) return FromTo(first, to, isExclusion);
        return HostName().IsMatch(word) ? new(Name: word) : Meaning.Wrong(Words);
    }

    private static Meaning Network(string[] parts, bool isExclusion)
    {
        if (parts is not [var at, var bits] || Address(at) is not { } address) return Meaning.Wrong(Words);
        var isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var width = isV6 ? 128 : 32;
        if (!int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > width) return Meaning.Wrong($"has no prefix of 0 to {width}");
        if (isV6 && prefix < 112 && !isExclusion) return Meaning.Wrong("is too wide to sweep: IPv6 as single addresses or prefixes of 112 and longer");
        var rest = prefix == 0 && isV6 ? UInt128.MaxValue : (UInt128.One << (width - prefix)) - 1;
        var number = AddressSpan.Of(address).First;
        if ((number & rest) != 0) return Meaning.Wrong($"is no network: write {AddressSpan.Address(number & ~rest, isV6)}/{bits}, or {at} for the one address");
        var all = new AddressSpan(number, number | rest, isV6);
        if (isExclusion || all.Count <= 2) return Of(all);       // RFC 3021: a /31 has two hosts and no edges
        if (all.Count > (UInt128)Ranges.MaxAddresses + 2) return TooMany(all.Count);
        // IPv6 has no broadcast; its first address is the routers' (RFC 4291 §2.6.1).
        return isV6
            ? Of(all with { First = all.First + 1 }) with { Edges = [all with { Last = all.First }] }
            : Of(new(all.First + 1, all.Last - 1)) with { Edges = [new(all.First, all.First), new(all.Last, all.Last)] };
    }

    private static Meaning FromTo(IPAddress first, string to, bool isExclusion)
    {
        if (first.AddressFamily == AddressFamily.InterNetworkV6) return Meaning.Wrong("is IPv6: single addresses or prefixes of 112 and longer");
        var from = AddressSpan.Of(first).First;
        // 192.0.2.10-90 goes to 192.0.2.90.
        var last = LastByte().IsMatch(to) && byte.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var end) ? AddressSpan.Address((from & ~(UInt128)0xff) | end, isV6: false) : Address(to);
        if (last is null || last.AddressFamily != AddressFamily.InterNetwork) return Meaning.Wrong(Words);
        var all = new AddressSpan(from, AddressSpan.Of(last).First);
        if (all.Last < all.First) return Meaning.Wrong("ends before it begins");
        if (isExclusion) return Of(all);
        return all.Count > (UInt128)Ranges.MaxAddresses ? TooMany(all.Count) : Of(all) is { Why: null } whole ? whole with { Spans = Inner(all) } : Of(all);
    }

    // Which networks a range runs through is not known; addresses that end in 0 and 255 are a network's own nearly everywhere. Who has a printer there names it alone.
    private static List<AddressSpan> Inner(AddressSpan all)
    {
        var inner = new List<AddressSpan>();
        for (var net = all.First & ~(UInt128)0xff; net <= all.Last; net += 256)
        {
            var part = new AddressSpan(UInt128.Max(all.First, net + 1), UInt128.Min(all.Last, net + 254));
            if (part.First <= part.Last) inner.Add(part);
        }
        return inner;
    }

    private static Meaning Of(AddressSpan span) => Ranges.IsUnicast(span) ? new() { Spans = [span] } : Meaning.Wrong("is not one device; the agent asks unicast only");

    private static Meaning TooMany(UInt128 count) => Meaning.Wrong($"has {Ranges.Number(count)} addresses; at most {Ranges.Number((UInt128)Ranges.MaxAddresses)} are swept");

    // The framework also reads "10", "0x0a000001" and octal numbers; a typing mistake must not become an address.
    private static IPAddress? Address(string word) =>
        (Dotted().IsMatch(word) || word.Contains(':')) && IPAddress.TryParse(word, out var address) ? address : null;

    [GeneratedRegex("[^\\s,;]+")]
    private static partial Regex Word();

    [GeneratedRegex("^(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}$")]
    private static partial Regex Dotted();

    [GeneratedRegex("^[0-9]{1,3}$")]
    private static partial Regex LastByte();

    // RFC 1123 §2.1; a last label of digits would be an address somebody mistyped.
    [GeneratedRegex("^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?\\.?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}
