using Fleet.Contracts.Identity.V1;
using Fleet.EventStore;
using Fleet.Identity.Clients;
using Fleet.Identity.Providers;
using Fleet.Identity.Tenants;
using Fleet.Testing;

namespace Fleet.Identity.Tests;

public class GoldenTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, object> Stored = new()
    {
        ["client_registered"] = new ClientEvent.Registered("pbkdf2-sha256$100000$c2FsdA==$aGFzaA==", new("agent", Tenant: "acme", Site: "hq", Agent: "acme-hq"), At),
        ["client_secret_changed"] = new ClientEvent.SecretChanged("pbkdf2-sha256$100000$c2FsdA==$aGFzaA==", At),
        ["client_disabled"] = new ClientEvent.Disabled(At),
        ["provider_took_on"] = new ProviderEvent.TookOn("acme", At),
        ["tenant_created"] = new TenantEvent.Created("demo-dealer", "Acme GmbH", "boss", At),
        ["tenant_site_opened"] = new TenantEvent.SiteOpened("hq", "Headquarters", "Europe/Vienna", "boss", At),
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
    public void Every_stored_event_has_a_golden_file() => Assert.That(Types.Keys, Is.EquivalentTo(Stored.Keys));

    [Test]
    public void Public_messages_stay_what_they_were() => Assert.Multiple(() =>
    {
        Golden.Public(AnnounceTenant.Created(new Event<TenantEvent.Created>((TenantEvent.Created)Stored["tenant_created"]) { TenantId = "acme" }));
        Golden.Public(AnnounceTenant.SiteOpened(new Event<TenantEvent.SiteOpened>((TenantEvent.SiteOpened)Stored["tenant_site_opened"]) { TenantId = "acme" }));
        Assert.That(typeof(TenantCreated).Namespace, Is.EqualTo("Fleet.Contracts.Identity.V1"), "the namespace is part of the exchange's name");
    });
}
