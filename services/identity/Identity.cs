using Fleet.Contracts.Identity.V1;
using Fleet.Defaults;
using Fleet.Identity.Clients;
using Fleet.Identity.OAuth;
using Fleet.Identity.Providers;
using Fleet.Identity.Tenants;

namespace Fleet.Identity;

/// <summary>Who may ask for what: clients and their tokens, providers, tenants, sites, the region directory.</summary>
public static class Identity
{
    public static readonly Module Module = new("identity")
    {
        Streams = [Client.Stream, Provider.Stream, Tenant.Stream],
        Views = [Tenants.Tenants.View, Sites.View],
        Announcements =
        [
            Announcement.Of<TenantEvent.Created, TenantCreated>(AnnounceTenant.Created),
            Announcement.Of<TenantEvent.SiteOpened, SiteOpened>(AnnounceTenant.SiteOpened),
        ],
        Routes =
        [
            IssueTokenRoute.Map, Metadata.Map, Regions.Map,
            CreateTenantRoute.Map, OpenSiteRoute.Map, TenantsRoute.Map, SitesRoute.Map,
        ],
        Background = [module => new ClientsFile(module)],
    };
}
