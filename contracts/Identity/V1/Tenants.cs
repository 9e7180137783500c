namespace Fleet.Contracts.Identity.V1;

/// <summary>A customer organisation exists.</summary>
/// <param name="TenantId">Slug, stable for ever: <c>acme</c>.</param>
/// <param name="ProviderId">The provider that looks after it.</param>
public sealed record TenantCreated(string TenantId, string ProviderId, string Name, DateTimeOffset At);

/// <summary>A tenant has a place.</summary>
public sealed record SiteOpened(string TenantId, string SiteId, string Name, string TimeZone, DateTimeOffset At);
