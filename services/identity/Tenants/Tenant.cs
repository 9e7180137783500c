using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Identity.Tenants;

public abstract record TenantEvent
{
    /// <param name="By">Subject of the token it was done with.</param>
    public sealed record Created(string Provider, string Name, string By, DateTimeOffset At) : TenantEvent;

    /// <param name="TimeZone">IANA name: <c>Europe/Vienna</c>.</param>
    public sealed record SiteOpened(string Site, string Name, string TimeZone, string By, DateTimeOffset At) : TenantEvent;
}

/// <summary>A customer organisation. Its id, a <see cref="Slug"/>, is the store tenant and the stream's key.</summary>
/// <param name="Provider">Null: there is no such tenant.</param>
/// <param name="Sites">Site id → (name, time zone).</param>
public sealed record Tenant(string? Provider, string Name, IReadOnlyDictionary<string, Site> Sites)
{
    public static readonly Tenant None = new(null, "", new Dictionary<string, Site>());

    public static readonly StreamType<Tenant, TenantEvent> Stream = new("tenant", None, Evolve)
    {
        Events =
        {
            ["tenant_created"] = typeof(TenantEvent.Created),
            ["tenant_site_opened"] = typeof(TenantEvent.SiteOpened),
        },
    };

    public static string Key(string tenant) => $"tenant/{tenant}";

    public static Tenant Evolve(Tenant tenant, TenantEvent e) => e switch
    {
        TenantEvent.Created created => tenant with { Provider = created.Provider, Name = created.Name },
        TenantEvent.SiteOpened opened => tenant with
        {
            Sites = new Dictionary<string, Site>(tenant.Sites) { [opened.Site] = new(opened.Name, opened.TimeZone) },
        },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

public sealed record Site(string Name, string TimeZone);
