namespace Fleet.Contracts.Telemetry.V1;

/// <summary>A batch came in an agent's name that is not its word: somebody else has its login, or its key. Nothing of it was kept.</summary>
/// <param name="Reason"><c>unsigned</c>, <c>signature</c>, <c>unknown-key</c> or <c>revoked-key</c>; or what was wrong with the form of one that was not signed: <c>schema</c>, <c>oversize</c>, ….</param>
/// <param name="Sha256">Of its body.</param>
public sealed record BatchForged(string TenantId, string SiteId, string AgentId, string Reason, string Sha256, DateTimeOffset At);

/// <summary>An agent should have spoken and did not.</summary>
/// <param name="Cause"><c>agent-down</c>: another one speaks for the site; <c>site-dark</c>: none does.</param>
/// <param name="LastHeardAt">When its last batch came.</param>
public sealed record AgentFellSilent(string TenantId, string SiteId, string AgentId, string Cause, DateTimeOffset LastHeardAt, DateTimeOffset At);

/// <summary>A silent agent is heard again.</summary>
public sealed record AgentSpokeAgain(string TenantId, string SiteId, string AgentId, DateTimeOffset At);
