using System.Globalization;
using System.Net;

namespace Fleet.Agent.Discovering;

/// <summary>Which addresses are asked: what a list of ranges comes to. Unicast only, each address once, a network's own two addresses never.</summary>
/// <param name="Spans">Sorted, without overlaps, exclusions taken out.</param>
/// <param name="Excluded">Never asked, also when a host name leads there.</param>
/// <param name="Names">Host names, looked up at each sweep.</param>
public sealed record Ranges(IReadOnlyList<AddressSpan> Spans, IReadOnlyList<AddressSpan> Excluded, IReadOnlyList<string> Names, IReadOnlyList<string> ExcludedNames)
{
    /// <summary>Addresses one agent sweeps: four times 65,536. More is a mistyped prefix, or a site for several agents.</summary>
    public const long MaxAddresses = 262_144;

    public long Count => checked((long)Spans.Aggregate(UInt128.Zero, (sum, span) => sum + span.Count)) + Names.Count;

    /// <summary>The addresses named by number; host names are not among them.</summary>
    public IEnumerable<IPAddress> Addresses
    {
        get
        {
            foreach (var span in Spans)
                for (var number = span.First; ; number++)
                {
                    yield return AddressSpan.Address(number, span.IsV6);
                    if (number == span.Last) break;
                }
        }
    }

    /// <summary>Whether an address is named by number and not left out.</summary>
    public bool Holds(IPAddress address) => Spans.Any(span => span.Contains(address));

    /// <summary>Whether a host name may lead to this address.</summary>
    public bool Forbids(IPAddress address) => !IsUnicast(AddressSpan.Of(address)) || Excluded.Any(span => span.Contains(address));

    /// <summary>The same without further addresses: those that excluded host names have now.</summary>
    public Ranges Without(IReadOnlyCollection<IPAddress> addresses) => this with
    {
        Spans = AddressSpan.Tidy(Spans, addresses.Select(AddressSpan.Of)),
        Excluded = [.. Excluded, .. addresses.Select(AddressSpan.Of)]
    };

    /// <summary>No multicast, no broadcast, nothing that means "any".</summary>
    internal static bool IsUnicast(AddressSpan span) => span.IsV6
        ? span.First > 0 && span.Last >> 120 < 0xff
        : span.First >> 24 > 0 && span.Last >> 24 < 224;

    internal static string Number(UInt128 count) => count.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A list that cannot be read: which word, and where it begins (1 is the first character).</summary>
public sealed record RangeFault(int Column, string Word, string Why)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"column {Column}: '{Word}' {Why}");
}
