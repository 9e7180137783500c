using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;

namespace Fleet.Identity.Tenants;

public abstract record TenantEvent
{
    /// <param name="By">Subject of the token it was done with.</param>
    /// <param name="Region">Where it was born and lives until an export takes it elsewhere; null in what was stored before there were several.</param>
    public sealed record Created(
        string Provider, string Name, string By, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Region = null) : TenantEvent;

    /// <summary>The customer's administrator asked <paramref name="To"/> to look after it; nothing changes until that provider accepts.</summary>
    /// <param name="Until">Then the question is void.</param>
    public sealed record MoveAsked(string To, string By, DateTimeOffset Until, DateTimeOffset At) : TenantEvent;

    /// <summary>The question is off the table: the customer took it back, or the provider declined.</summary>
    public sealed record MoveDropped(string To, string By, DateTimeOffset At) : TenantEvent;

    /// <summary><paramref name="To"/> accepted: from this instant it is the tenant's provider, and <paramref name="From"/> is not.</summary>
    /// <param name="By">Who accepted for the new provider.</param>
    public sealed record Moved(string From, string To, string By, DateTimeOffset At) : TenantEvent;

    /// <param name="TimeZone">IANA name: <c>Europe/Vienna</c>.</param>
    public sealed record SiteOpened(string Site, string Name, string TimeZone, string By, DateTimeOffset At) : TenantEvent;
}

/// <summary>A customer organisation. Its id, a <see cref="Slug"/>, is the store tenant and the stream's key.</summary>
/// <param name="Provider">Null: there is no such tenant.</param>
/// <param name="Sites">Site id → (name, time zone).</param>
/// <param name="Asked">The provider that was asked to take it on and has not answered; null when none was.</param>
public sealed record Tenant(string? Provider, string Name, IReadOnlyDictionary<string, Site> Sites, AskedProvider? Asked = null)
{
    public static readonly Tenant None = new(null, "", new Dictionary<string, Site>());

    public static readonly StreamType<Tenant, TenantEvent> Stream = new("tenant", None, Evolve)
    {
        Events =
        {
            ["tenant_created"] = typeof(TenantEvent.Created),
            ["tenant_move_asked"] = typeof(TenantEvent.MoveAsked),
            ["tenant_move_dropped"] = typeof(TenantEvent.MoveDropped),
            ["tenant_moved"] = typeof(TenantEvent.Moved),
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
        TenantEvent.MoveAsked asked => tenant with { Asked = new(asked.To, asked.Until) },
        TenantEvent.MoveDropped => tenant with { Asked = null },
        TenantEvent.Moved moved => tenant with { Provider = moved.To, Asked = null },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

/// <param name="Until">An answer after it counts for nothing.</param>
public sealed record AskedProvider(string Provider, DateTimeOffset Until);

public sealed record Site(string Name, string TimeZone);
