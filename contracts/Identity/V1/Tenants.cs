namespace Fleet.Contracts.Identity.V1;

/// <summary>A customer organisation exists.</summary>
/// <param name="TenantId">Slug, stable for ever: <c>acme</c>.</param>
/// <param name="ProviderId">The provider that looks after it.</param>
public sealed record TenantCreated(string TenantId, string ProviderId, string Name, DateTimeOffset At);

/// <summary>
/// A tenant is another provider's customer from this moment on: its administrator asked for it and the new provider accepted. The old provider sees nothing of it
/// any more, and what the customer had consented to ended with it: the new provider needs a consent of its own.
/// </summary>
/// <param name="From">The provider it leaves.</param>
/// <param name="To">The one that looks after it now.</param>
public sealed record TenantMoved(string TenantId, string From, string To, DateTimeOffset At);

/// <summary>A tenant has a place.</summary>
public sealed record SiteOpened(string TenantId, string SiteId, string Name, string TimeZone, DateTimeOffset At);
