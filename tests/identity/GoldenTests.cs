using Fleet.Contracts.Identity.V1;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Agents;
using Fleet.Identity.Audit;
using Fleet.Identity.Clients;
using Fleet.Identity.Enrolments;
using Fleet.Identity.People;
using Fleet.Identity.Proofs;
using Fleet.Identity.Providers;
using Fleet.Identity.Tenants;
using Fleet.Testing;

namespace Fleet.Identity.Tests;

using Agent = Fleet.Identity.Agents.Agent; // not the namespace of the program

public class GoldenTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    // Of RFC 7517 appendix A.1.
    private static readonly ProofKey Key = new("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM");

    private static readonly Dictionary<string, object> Stored = new()
    {
        ["client_registered"] = new ClientEvent.Registered("pbkdf2-sha256$100000$c2FsdA==$aGFzaA==", new("agent", Tenant: "acme", Site: "hq", Agent: "acme-hq"), At),
        ["client_secret_changed"] = new ClientEvent.SecretChanged("pbkdf2-sha256$100000$c2FsdA==$aGFzaA==", At),
        ["client_public_registered"] = new ClientEvent.PublicRegistered(["https://fleet.example/back"], At),
        ["client_redirect_uris_changed"] = new ClientEvent.RedirectUrisChanged(["https://fleet.example/back", "http://127.0.0.1/back"], At),
        ["client_keys_registered"] = new ClientEvent.KeysRegistered([new("EC", "sig", "ES256", "P-256", "2026-11", Key.X, Key.Y)], new("integrator", Provider: "demo-dealer"), At),
        ["client_keys_changed"] = new ClientEvent.KeysChanged([new("EC", "sig", "ES256", "P-256", "2026-12", Key.X, Key.Y)], At),
        ["client_disabled"] = new ClientEvent.Disabled(At),
        ["provider_took_on"] = new ProviderEvent.TookOn("acme", At),
        ["provider_asked"] = new ProviderEvent.Asked("acme", At.AddDays(14), At),
        ["provider_asked_no_more"] = new ProviderEvent.AskedNoMore("acme", At),
        ["provider_let_go"] = new ProviderEvent.LetGo("acme", At),
        ["tenant_created"] = new TenantEvent.Created("demo-dealer", "Acme GmbH", "boss", At),
        ["tenant_move_asked"] = new TenantEvent.MoveAsked("other-dealer", "acme-admin", At.AddDays(14), At),
        ["tenant_move_dropped"] = new TenantEvent.MoveDropped("other-dealer", "acme-admin", At),
        ["tenant_moved"] = new TenantEvent.Moved("demo-dealer", "other-dealer", "other-boss", At),
        ["tenant_site_opened"] = new TenantEvent.SiteOpened("hq", "Headquarters", "Europe/Vienna", "boss", At),
        ["enrolment_asked"] = new EnrolmentEvent.Asked("BCDFGHJK", Key.X, Key.Y, At.AddMinutes(15), At),
        ["enrolment_approved"] = new EnrolmentEvent.Approved("acme", "hq", "acme-hq", "boss", At),
        ["enrolment_denied"] = new EnrolmentEvent.Denied("acme", "boss", At),
        ["enrolment_redeemed"] = new EnrolmentEvent.Redeemed(At),
        ["agent_enrolled"] = new AgentEvent.Enrolled("hq", Key.X, Key.Y, "boss", At),
        ["agent_connected"] = new AgentEvent.Connected("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", At),
        ["agent_renewed"] = new AgentEvent.Renewed("5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", At),
        ["agent_revoked"] = new AgentEvent.Revoked("by-hand", "boss", At),
        ["person_invited"] = new PersonEvent.Invited("technician", "c2VhbGVk", "c2VhbGVkIHRvbw==", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", At.AddDays(7), "boss", At),
        ["person_invited_again"] = new PersonEvent.InvitedAgain("5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9", At.AddDays(7), "boss", At),
        ["person_accepted"] = new PersonEvent.Accepted("c2VhbGVk", At),
        ["person_linked"] = new PersonEvent.Linked("5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9", At),
        ["person_password_changed"] = new PersonEvent.PasswordChanged("c2VhbGVk", "changed", "s-1", At),
        ["person_second_factor_set"] = new PersonEvent.SecondFactorSet("c2VhbGVk", ["aGFzaA"], 59_000_000, At),
        ["person_second_factor_removed"] = new PersonEvent.SecondFactorRemoved("boss", At),
        ["person_signed_in"] = new PersonEvent.SignedIn("s-1", ["pwd", "otp", "mfa"], At, Step: 59_000_001),
        ["person_sign_in_refused"] = new PersonEvent.SignInRefused("wrong-password", At),
        ["person_authorized"] = new PersonEvent.Authorized("s-1", "g1", "fleet-portal", ["openid", "read-fleet"], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", At),
        ["person_renewed"] = new PersonEvent.Renewed("g1", "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9", At),
        ["person_grant_ended"] = new PersonEvent.GrantEnded("g1", "token-reuse", At),
        ["person_session_ended"] = new PersonEvent.SessionEnded("s-1", "p-1", At),
        ["person_role_changed"] = new PersonEvent.RoleChanged("billing", "boss", At),
        ["person_disabled"] = new PersonEvent.Disabled("boss", At),
        ["token_refused"] = new AuditEvent.TokenRefused("acme-admin", "client_credentials", "invalid_client", 3, At),
        ["access_refused"] = new RefusalEvent.Counted("person", "p-1", "technician", "missing-right", "run-billing", "acme", "POST /api/v1/billing/runs", 3, At, At.AddSeconds(20)),
        ["person_erased"] = new PersonEvent.Erased("boss", At),
    };

    private static readonly IReadOnlyDictionary<string, Type> Types =
        Identity.Module.Streams.SelectMany(stream => stream.EventTypes).ToDictionary();

    private static IEnumerable<string> Names => Stored.Keys;

    [TestCaseSource(nameof(Names))]
    public void A_stored_event_stays_what_it_was(string name)
    {
        Assert.That(Types[name], Is.EqualTo(Stored[name].GetType()));
        Golden.Stored(name, Stored[name]);
    }

    [Test]
    public void A_member_added_later_has_a_file_of_its_own() => Golden.Stored("agent_revoked.since", new AgentEvent.Revoked("by-hand", "boss", At, At.AddDays(-30)));

    [Test]
    public void Every_stored_event_has_a_golden_file() => Assert.That(Types.Keys, Is.EquivalentTo(Stored.Keys));

    [Test]
    public void Public_messages_stay_what_they_were() => Assert.Multiple(() =>
    {
        Golden.Public(AnnounceTenant.Created(new Event<TenantEvent.Created>((TenantEvent.Created)Stored["tenant_created"]) { TenantId = "acme" }));
        Golden.Public(AnnounceTenant.Moved(new Event<TenantEvent.Moved>((TenantEvent.Moved)Stored["tenant_moved"]) { TenantId = "acme" }));
        Golden.Public(AnnounceTenant.SiteOpened(new Event<TenantEvent.SiteOpened>((TenantEvent.SiteOpened)Stored["tenant_site_opened"]) { TenantId = "acme" }));
        Golden.Public(AnnounceAgent.Enrolled(new Event<AgentEvent.Enrolled>((AgentEvent.Enrolled)Stored["agent_enrolled"]) { TenantId = "acme", StreamKey = "agent/acme-hq" }));
        var agent = Agent.Evolve(Agent.None, (AgentEvent)Stored["agent_enrolled"]);
        Golden.Public(AnnounceAgent.Revoked(agent, new Event<AgentEvent.Revoked>((AgentEvent.Revoked)Stored["agent_revoked"]) { TenantId = "acme", StreamKey = "agent/acme-hq" }));
        Assert.That(typeof(TenantCreated).Namespace, Is.EqualTo("Fleet.Contracts.Identity.V1"), "the namespace is part of the exchange's name");
    });
}
