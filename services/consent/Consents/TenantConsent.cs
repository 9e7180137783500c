using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;

namespace Fleet.Consent.Consents;

public abstract record ConsentEvent
{
    /// <param name="By">Subject of the token it was done with.</param>
    /// <param name="GivenAt">When the customer agreed; before <paramref name="At"/> only with evidence.</param>
    /// <param name="At">When it was recorded.</param>
    /// <param name="TextHash">SHA-256, lower-case hex, of the text agreed to.</param>
    /// <param name="TextLanguage">BCP 47; null in events of before there was another than English.</param>
    /// <param name="Evidence">What proves it beyond the token, e.g. "agreement of 3 March, signed by …, our file 17".</param>
    /// <param name="Circumstances">Null in events of before they were written down.</param>
    public sealed record Granted(
        IReadOnlyList<string> Purposes, IReadOnlyList<string> Features, IReadOnlyList<string> FieldGroups,
        string By, DateTimeOffset GivenAt, DateTimeOffset At, string TextVersion, string TextHash, string? Evidence,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TextLanguage = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Circumstances? Circumstances = null) : ConsentEvent;

    /// <param name="At">When it was recorded, which is when it takes effect.</param>
    /// <param name="Circumstances">Null in events of before they were written down.</param>
    public sealed record Withdrawn(
        IReadOnlyList<string> Purposes, IReadOnlyList<string> Features, IReadOnlyList<string> FieldGroups,
        string By, DateTimeOffset At, string? Reason,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Circumstances? Circumstances = null) : ConsentEvent;
}

/// <summary>What a tenant allows and allowed, as spans.</summary>
public sealed record TenantConsent(IReadOnlyList<Span> Purposes, IReadOnlyList<Span> Features, IReadOnlyList<Span> FieldGroups)
{
    public static readonly TenantConsent None = new([], [], []);

    public static readonly StreamType<TenantConsent, ConsentEvent> Stream = new("consent", None, Evolve)
    {
        Events =
        {
            ["consent_granted"] = typeof(ConsentEvent.Granted),
            ["consent_withdrawn"] = typeof(ConsentEvent.Withdrawn),
        },
    };

    public static string Key(string tenant) => $"consent/{tenant}";

    public static TenantConsent Evolve(TenantConsent consent, ConsentEvent e) => e switch
    {
        ConsentEvent.Granted granted => new(
            consent.Purposes.Open(granted.Purposes, granted.GivenAt, granted.TextVersion, granted.Circumstances?.Provider),
            consent.Features.Open(granted.Features, granted.GivenAt, granted.TextVersion, granted.Circumstances?.Provider),
            consent.FieldGroups.Open(granted.FieldGroups, granted.GivenAt, granted.TextVersion, granted.Circumstances?.Provider)),
        ConsentEvent.Withdrawn withdrawn => new(
            consent.Purposes.Close(withdrawn.Purposes, withdrawn.At),
            consent.Features.Close(withdrawn.Features, withdrawn.At),
            consent.FieldGroups.Close(withdrawn.FieldGroups, withdrawn.At)),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}
