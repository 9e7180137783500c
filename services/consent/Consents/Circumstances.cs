using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fleet.Consent.Receipts;
using Fleet.Defaults;

namespace Fleet.Consent.Consents;

/// <summary>How a change came about and between whom: what its receipt says of it for ever, whatever is set up otherwise later.</summary>
/// <param name="How">One of the words of the list below.</param>
/// <param name="Origin">Address of this installation then: <c>https://fleet.example</c>.</param>
/// <param name="Provider">Who looks after the tenant then; null when that was not known here.</param>
/// <param name="Country">Where this region keeps its data then, ISO 3166-1 alpha-2; null when nobody said so.</param>
/// <param name="Receipt">Schema of the change's receipt; null in events of before there was a second one.</param>
[method: JsonConstructor]
public sealed partial record Circumstances(
    string How, string Origin, string? Provider,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Country,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Receipt)
{
    /// <summary>Of a change that happens now.</summary>
    public Circumstances(string how, string origin, string? provider = null) : this(how, origin, provider, null, WriteReceipt.Newest) { }

    /// <summary>Of a change that happens now, in this region.</summary>
    public static Circumstances Here(ModuleContext module, string how, string? provider) =>
        new(how, module.Settings["FLEET_ISSUER"]!, provider) { Country = CountryOf(module.Regions) };

    // A country that is no code is a word for people: no receipt can point at it.
    private static string? CountryOf(RegionDirectory regions) => regions.Named(regions.Here)?.Country is { } country && Code().IsMatch(country) ? country : null;

    [GeneratedRegex("^[A-Z]{2}$")]
    private static partial Regex Code();
}

/// <summary>The ways a consent is given or withdrawn. A closed list: these are stored.</summary>
public static class How
{
    /// <summary>By a customer-admin in the portal.</summary>
    public const string Portal = "portal";

    /// <summary>By a customer-admin's program.</summary>
    public const string Api = "api";

    /// <summary>On paper, entered later; with evidence.</summary>
    public const string Paper = "paper";

    /// <summary>At the local page of an agent, by someone at the machine.</summary>
    public const string AgentPage = "agent-page";

    /// <summary>The tenant went to another provider: what it allowed the one before ended with that.</summary>
    public const string Moved = "moved";

    /// <summary>What a caller may say of itself.</summary>
    public static readonly IReadOnlyList<string> OfPeople = [Portal, Api, Paper];

    /// <summary>Of an event, also one of before this was written down: then there was one way only, and paper had evidence.</summary>
    public static string Of(ConsentEvent e) => e switch
    {
        ConsentEvent.Granted g => g.Circumstances?.How ?? (g.GivenAt < g.At ? Paper : Api),
        ConsentEvent.Withdrawn w => w.Circumstances?.How ?? Api,
        _ => throw new System.Diagnostics.UnreachableException($"No way for {e.GetType().Name}"),
    };
}
