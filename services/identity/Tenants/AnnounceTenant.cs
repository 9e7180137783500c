using Fleet.Contracts.Identity.V1;
using Fleet.EventStore;

namespace Fleet.Identity.Tenants;

public static class AnnounceTenant
{
    public static TenantCreated Created(IEvent<TenantEvent.Created> e) => new(e.TenantId, e.Data.Provider, e.Data.Name, e.Data.At);

    public static TenantMoved Moved(IEvent<TenantEvent.Moved> e) => new(e.TenantId, e.Data.From, e.Data.To, e.Data.At);

    public static SiteOpened SiteOpened(IEvent<TenantEvent.SiteOpened> e) =>
        new(e.TenantId, e.Data.Site, e.Data.Name, e.Data.TimeZone, e.Data.At);
}
