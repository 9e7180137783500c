namespace Fleet.Contracts.Consent.V1;

/// <summary>The answer to <c>ConsentsAsked</c>. No fact: it says again what the consent streams hold.</summary>
/// <param name="QuestionId">As asked.</param>
/// <param name="At">All of it stood then: whatever is recorded after this answer takes effect after this moment.</param>
/// <param name="Newer">Of the tenants asked about, those whose consents have a higher version than the one asked with.</param>
public sealed record ConsentsTold(Guid QuestionId, DateTimeOffset At, IReadOnlyList<ToldConsents> Newer);

/// <summary>What a tenant allows, and allowed, for collecting and keeping data; whole.</summary>
/// <param name="Version">Counts the tenant's changes.</param>
/// <param name="Purposes">Spans in which each purpose stands.</param>
/// <param name="FieldGroups">Spans in which each field group may be collected.</param>
public sealed record ToldConsents(string TenantId, long Version, IReadOnlyList<ConsentSpan> Purposes, IReadOnlyList<ConsentSpan> FieldGroups);
