using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Agent.Discovering;

namespace Fleet.Agent.Page;

// form + ranges that count -> ranges wanted, or what is wrong with it. Pure.

/// <summary>What somebody wrote into the form of one range.</summary>
/// <param name="At">Which of the list; its length for a new one.</param>
/// <param name="Opens"><c>usual</c>, <c>own</c> (the community it has, not shown) or <c>named:</c> and a credential.</param>
internal sealed record RangeForm(string Action, int At, string Addresses, string Port, string Opens, string Was)
{
    public const string Usual = "usual", Own = "own", Named = "named:";

    public static RangeForm Of(Asking asking) => new(
        asking.Field("action"), int.TryParse(asking.Field("at"), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1,
        asking.Field("addresses"), asking.Field("port"), asking.Field("opens"), asking.Field("was"));

    /// <summary>Names a list, so that a form made for another one is known.</summary>
    public static string Mark(IReadOnlyList<RangeConfig> ranges) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', ranges.Select(range => $"{range.Addresses}\t{range.Port}\t{range.Credential}"))))[..8]);

    public static string OpensOf(RangeConfig range) => range.Credential is { } name ? Named + name : RangeWords.HasOwnCommunity(range) ? Own : Usual;

    /// <returns>The ranges wanted, and null; or null and why not.</returns>
    public (IReadOnlyList<RangeConfig>? Wanted, string? Why) Decide(IReadOnlyList<RangeConfig> counting)
    {
        if (Was != Mark(counting)) return (null, "The ranges were changed meanwhile, elsewhere. Nothing was done; here they are as they are now.");
        if (At < 0 || At > counting.Count) return (null, "There is no such range.");
        var before = counting.ElementAtOrDefault(At);
        if (Action == "remove") return before is null ? (null, "There is no such range.") : ([.. counting.Where(range => range != before)], null);
        if (!int.TryParse(Port, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535) return (null, $"“{Port}” is no port (1 to 65535; devices answer at 161).");
        if (!ParseRanges.TryFrom(Addresses, out _, out var fault)) return (null, fault.ToString());
        var range = new RangeConfig(Addresses.Trim(), port);
        RangeConfig? wanted = Opens switch
        {
            Usual => range,
            Own when before is not null && RangeWords.HasOwnCommunity(before) => range with { Community = before.Community },
            _ when Opens.StartsWith(Named, StringComparison.Ordinal) => range with { Credential = Opens[Named.Length..] },
            _ => null
        };
        return wanted is null ? (null, "Nothing says how the devices are opened.") : ([.. counting.Take(At), wanted, .. counting.Skip(At + 1)], null);
    }
}
