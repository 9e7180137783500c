namespace Fleet.Contracts.Telemetry.V1;

/// <summary>
/// Telemetry asks which consents stand now, before it decides on what agents sent: a withdrawal counts from the moment it is recorded, not from when its news arrives.
/// No fact: who asks asks again. Answered by <c>ConsentsTold</c>.
/// </summary>
/// <param name="QuestionId">Comes back in the answer.</param>
/// <param name="Known">Each tenant once, with the version of its consents that is known already.</param>
public sealed record ConsentsAsked(Guid QuestionId, IReadOnlyList<KnownConsents> Known);

/// <param name="Version">0: none is known.</param>
public sealed record KnownConsents(string TenantId, long Version);
