using System.Text.Json;
using Fleet.Agent.Events;
using Fleet.Agent.Polling;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentEventsTests
{
    private static readonly (Fact Fact, Type Data)[] EveryType =
    [
        (Fact.Of(AgentSamples.Seen.Seen!), typeof(DeviceSeen)),
        (Fact.Of(AgentSamples.Seen.Meters!), typeof(MeterRead)),
        (Fact.Of(AgentSamples.Seen.Supplies!), typeof(SuppliesRead)),
        (Fact.Of(AgentSamples.Seen.Status!), typeof(StatusChanged)),
        (Fact.Of(Alert(7)), typeof(AlertRaised)),
        (Fact.Of(new AlertCleared(Device, "1.7", 8)), typeof(AlertCleared)),
        (Fact.Of(new AgentHealth("0.1.0", 60, 24, 10, 7, 2, 1)), typeof(AgentHealth))
    ];

    [Test]
    public void Each_event_type_reads_back_strictly_as_what_was_written()
    {
        Assert.That(EveryType.Select(one => one.Fact.Type), Is.EquivalentTo(typeof(EdgeEventTypes).GetFields().Select(field => field.GetRawConstantValue())));
        foreach (var (fact, type) in EveryType)
        {
            var written = Cut.BodyOf([Entry(fact).Event]);
            var read = JsonSerializer.Deserialize<List<EdgeEvent>>(written, EdgeBatch.Json)!.Single();
            var data = read.Data.Deserialize(type, EdgeBatch.Json)!;
            Assert.That(JsonSerializer.Serialize(data, type, EdgeBatch.Json), Is.EqualTo(read.Data.GetRawText()), fact.Type);
            Assert.That((read.SpecVersion, read.Type, read.Time, read.TenantId, read.DataContentType), Is.EqualTo(("1.0", fact.Type, Noon, "acme", "application/json")));
        }
    }

    [Test]
    public void A_member_more_is_refused() =>
        Assert.That(() => JsonSerializer.Deserialize<StatusChanged>(EveryType[3].Fact.Data.GetRawText().Replace("\"errors\"", "\"user\":\"anna\",\"errors\"", StringComparison.Ordinal), EdgeBatch.Json), Throws.TypeOf<JsonException>());

    [Test]
    public void Ids_are_version_7_of_the_given_time_and_randomness()
    {
        var id = EventId.At(Noon, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        Assert.That((id.Version, id.Variant & 0xc), Is.EqualTo((7, 8)));
        Assert.That(EventId.At(Noon, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), Is.EqualTo(id));
        Assert.That(Convert.ToInt64(id.ToString("N")[..12], 16), Is.EqualTo(Noon.ToUnixTimeMilliseconds()));
        Assert.That(string.CompareOrdinal(EventId.At(Noon.AddMilliseconds(1), new byte[10]).ToString(), id.ToString()), Is.Positive);
    }

    [Test]
    public void An_agenda_keeps_to_its_hours_and_makes_up_for_nothing()
    {
        var every = new Fleet.Agent.Configuration.Cadence(TimeSpan.FromHours(1), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1));
        var agenda = Agenda.From(Noon, place: 0);
        Assert.That(agenda.Due(Noon), Is.EqualTo(Look.Everything));
        agenda = agenda.After(Look.Everything, Noon.AddSeconds(40), every);
        Assert.That((agenda.Next, agenda.Due(Noon.AddMinutes(1))), Is.EqualTo((Noon.AddMinutes(1), Look.Status)));
        agenda = agenda.After(Look.Status, Noon.AddMinutes(61).AddSeconds(1), every);
        Assert.That((agenda.Status, agenda.Due(Noon.AddMinutes(62))), Is.EqualTo((Noon.AddMinutes(62), Look.Everything)));
    }
}
