using Fleet.Contracts.Identity.V1;
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.Audit;
using Fleet.Identity.Clients;
using Fleet.Identity.Enrolments;
using Fleet.Identity.OAuth;
using Fleet.Identity.People;
using Fleet.Identity.Proofs;
using Fleet.Identity.Providers;
using Fleet.Identity.SignIn;
using Fleet.Identity.Tenants;

namespace Fleet.Identity;

/// <summary>Who may ask for what: people, clients, enrolled agents and their tokens, providers, tenants, sites, the region directory.</summary>
public static class Identity
{
    public static readonly Module Module = new("identity")
    {
        Streams = [Client.Stream, Provider.Stream, Tenant.Stream, Enrolment.Stream, Agent.Stream, Person.Stream, Refusals.Stream, AccessRefusals.Stream],
        Views = [Tenants.Tenants.View, Sites.View, Takeovers.View, AskedEnrolments.View, EnrolledAgents.View, EndedLogins.View, People.People.View, AuditTrail.View],
        Consumers = [TakeRefusals.Consumer],            // audit.AccessRefused of the others -> refusal/{service}
        Announcements =
        [
            Announcement.Of<TenantEvent.Created, TenantCreated>(AnnounceTenant.Created),
            Announcement.Of<TenantEvent.Moved, TenantMoved>(AnnounceTenant.Moved),
            Announcement.Of<TenantEvent.SiteOpened, SiteOpened>(AnnounceTenant.SiteOpened),
            Announcement.Of<AgentEvent.Enrolled, AgentEnrolled>(AnnounceAgent.Enrolled),
            Announcement.OfState<Agent, AgentEvent.Revoked, AgentRevoked>(AnnounceAgent.Revoked),
        ],
        Routes =
        [
            PeopleRoutes.Map, AuditRoutes.Map, Metadata.Map, Regions.Map,
            AskEnrolmentRoute.Map, EnrolmentRoutes.Map, EnrolledAgentsRoute.Map, RevokeAgentRoute.Map,
            CreateTenantRoute.Map, OpenSiteRoute.Map, TenantsRoute.Map, SitesRoute.Map,
            AskProviderRoute.Map, TakeOverRoute.Map, TakeoversRoute.Map,
        ],
        Tables = [SeenProofs.Table, PersonKeys.Table, LockOut.Table, BrowserSessions.Table, Codes.Table],
        TenantMoves = MoveRegion.Moves,                 // the keys of its people; its provider's list
        Background = [module => new ClientsFile(module), CloseConnections.Of, RecordRefusals.Of],
    };
}
