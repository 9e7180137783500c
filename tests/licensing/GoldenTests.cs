using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.EventStore;
using Fleet.Licensing.Licences;
using Fleet.Licensing.Seats;
using Fleet.Testing;

namespace Fleet.Licensing.Tests;

public class GoldenTests
{
    private static readonly SeatEvent.SeatTaken Taken = new("dev-1", "2026-10", 7, new(2026, 10, 2, 8, 0, 0, TimeSpan.Zero));

    private static readonly IStreamType[] Streams = [Licence.Stream, SeatMonth.Stream];

    private static IEnumerable<TestCaseData> Stored =>
    [
        Of("licence_granted", new LicenceEvent.LicenceGranted("acme", 25, ["remote-monitoring"], new(2027, 9, 30), "PO-4711", "clerk", new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero))),
        Of("seat_taken", Taken),
    ];

    [TestCaseSource(nameof(Stored))]
    public void A_stored_event_stays_what_it_was(string name, object sample)
    {
        Assert.That(Streams.Single(s => s.EventTypes.ContainsKey(name)).EventTypes[name], Is.EqualTo(sample.GetType()));
        Golden.Stored(name, sample);
    }

    [Test]
    public void Every_stored_event_has_a_golden_file() =>
        Assert.That(Streams.SelectMany(s => s.EventTypes.Keys), Is.EquivalentTo(Stored.Select(stored => stored.Arguments[0])));

    [Test]
    public void The_public_message_stays_what_it_was() => Golden.Public(AnnounceSeat.Translate("acme", Taken));

    [Test] // the twin
    public void A_month_that_moved_is_seen()
    {
        var golden = JsonSerializer.SerializeToNode(Taken, JsonSerializerOptions.Web)!;
        Assert.That(Golden.Differs(golden, JsonNode.Parse(golden.ToJsonString().Replace("2026-10\"", "2026-11\"", StringComparison.Ordinal))!), Does.Contain("2026-11"));
    }

    [Test]
    public void The_kept_state_of_a_month_survives_its_snapshot()
    {
        var seats = SeatMonth.Evolve(SeatMonth.Empty, Taken);
        var read = JsonSerializer.Deserialize<SeatMonth>(JsonSerializer.Serialize(seats, JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;
        Assert.That(TakeSeats.Decide("2026-10", [new("dev-1", Taken.At)], read), Is.Empty);
    }

    private static TestCaseData Of(string name, object sample) => new TestCaseData(name, sample).SetArgDisplayNames(name);
}
