namespace Fleet.Contracts.Consent.V1;

/// <summary>What a tenant allows from now on, whole: a later message with a higher version replaces an earlier one.</summary>
/// <param name="Version">Counts the tenant's changes; order by it, not by arrival.</param>
/// <param name="Purposes">Spans in which each purpose stands.</param>
/// <param name="Features">Spans in which each feature stands.</param>
/// <param name="FieldGroups">Spans in which each field group may be collected.</param>
public sealed record ConsentChanged(
    string TenantId,
    long Version,
    IReadOnlyList<ConsentSpan> Purposes,
    IReadOnlyList<ConsentSpan> Features,
    IReadOnlyList<ConsentSpan> FieldGroups,
    DateTimeOffset At);

/// <param name="Name">The purpose, feature or field group.</param>
/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive; null while it stands.</param>
public sealed record ConsentSpan(string Name, DateTimeOffset From, DateTimeOffset? Until);
