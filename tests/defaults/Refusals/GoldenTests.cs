using Fleet.EventStore;
using Fleet.Testing;

namespace Fleet.Defaults.Tests.Refusals;

public class GoldenTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RefusalEvent.Counted
        Person = new("person", "p-1", "technician", "missing-right", "run-billing", "acme", "POST /api/v1/billing/runs", 3, At, At.AddSeconds(20)),
        Others = new("client", null, null, RefusalKey.Others, null, null, null, 4711, At, At.AddSeconds(59));

    [Test]
    public void A_stored_refusal_stays_what_it_was()
    {
        Golden.Holds("../golden", "access_refused", Person, System.Text.Json.JsonSerializerOptions.Web);
        Golden.Holds("../golden", "access_refused.others", Others, System.Text.Json.JsonSerializerOptions.Web);
    }

    [Test]
    public void The_public_message_stays_what_it_was() =>
        Golden.Holds("../../../contracts/golden", "audit.v1.access-refused", AccessRefusals.Message(Stored(Person, "provider:dealer")), MassTransit.Serialization.SystemTextJsonMessageSerializer.Options);

    [Test]
    public void Whose_it_is_goes_along()
    {
        static (string?, string?) Whose(string storeTenant) => AccessRefusals.Message(Stored(Others, storeTenant)) is var said ? (said.ProviderId, said.TenantId) : default;
        Assert.That(new[] { Whose("provider:dealer"), Whose("acme"), Whose("*DEFAULT*") }, Is.EqualTo(new (string?, string?)[] { ("dealer", null), (null, "acme"), (null, null) }));
    }

    private static Event<RefusalEvent.Counted> Stored(RefusalEvent.Counted refused, string storeTenant) => new(refused) { TenantId = storeTenant, StreamKey = AccessRefusals.Key("billing") };
}
