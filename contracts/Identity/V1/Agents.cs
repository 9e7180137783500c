namespace Fleet.Contracts.Identity.V1;

/// <summary>A person let an agent in: from now on batches of this agent are signed with this key. Again when the same agent is enrolled anew.</summary>
/// <param name="SiteId">The one place it reports of.</param>
/// <param name="AgentId">Unique in the tenant, for ever.</param>
/// <param name="KeyId">RFC 7638 thumbprint of the key, base64url: the header <c>fleet-key</c> of its batches.</param>
/// <param name="X">P-256 coordinate of the public key (RFC 7518 §6.2), base64url.</param>
/// <param name="Y">The other one.</param>
public sealed record AgentEnrolled(string TenantId, string SiteId, string AgentId, string KeyId, string X, string Y, DateTimeOffset At);

/// <summary>An agent gets no token any more. What it signed until then was its own.</summary>
/// <param name="KeyId">As it was enrolled with.</param>
/// <param name="Reason"><c>by-hand</c>, <c>signed-out</c> (by the agent itself), or <c>token-reuse</c>: a refresh token was shown that had been replaced, so somebody else may hold a copy.</param>
public sealed record AgentRevoked(string TenantId, string SiteId, string AgentId, string KeyId, string Reason, DateTimeOffset At);
