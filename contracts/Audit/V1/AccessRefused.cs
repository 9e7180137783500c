namespace Fleet.Contracts.Audit.V1;

/// <summary>
/// A service refused somebody whose token is good: a right, purpose or consent is missing, or a tenant was named that is not the caller's. Told about once a minute for all that were alike, for
/// the audit trail alone; integrators do not get it.
/// </summary>
/// <param name="TenantId">The caller's own tenant; null for a provider's and the platform's people.</param>
/// <param name="ProviderId">The provider the caller works for; with <paramref name="TenantId"/> null too: the platform.</param>
/// <param name="Service">Who refused: <c>billing</c>.</param>
/// <param name="Kind"><c>person</c>, <c>client</c> or <c>agent</c>.</param>
/// <param name="By">The token's <c>sub</c>; null where more callers were refused than are kept apart.</param>
/// <param name="Role">As the token says.</param>
/// <param name="Problem">Last part of the problem's <c>type</c>: <c>missing-right</c>. <c>others</c> where more was refused than is kept apart.</param>
/// <param name="Missing">The right, purpose or feature, in words.</param>
/// <param name="AskedTenantId">The tenant that was asked for, when it was named and could be one.</param>
/// <param name="Route">Method and template, never the address itself: <c>GET /api/v1/tenants/{t}/devices</c>.</param>
/// <param name="Times">How often from <paramref name="First"/> to <paramref name="Last"/>.</param>
public sealed record AccessRefused(
    string? TenantId, string? ProviderId, string Service, string Kind, string? By, string? Role, string Problem, string? Missing, string? AskedTenantId, string? Route,
    int Times, DateTimeOffset First, DateTimeOffset Last);
