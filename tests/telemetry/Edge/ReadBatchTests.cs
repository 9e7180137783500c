using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Edge;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Edge;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ReadBatchTests
{
    private readonly Site _hq = new();

    [Test]
    public void One_of_each_type_is_read()
    {
        var batch = ReadBatch.Read(_hq.SendsAt(Noon, [.. Samples.All.Select(s => s.Data)]));

        Assert.That(batch.Refused, Is.Null);
        Assert.That(batch.Events.Select(e => e.Type), Is.EqualTo(Samples.All.Select(s => s.Type)));
        Assert.That(batch.Events.Select(e => e.Invalid), Is.All.False);
    }

    [Test]
    public void The_body_of_a_batch_is_named_by_its_hash() =>
        Assert.That(ReadBatch.Read(_hq.Deliver(1, "[]")).Sha256, Is.EqualTo("4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"));

    [TestCase("a.b", Refusals.RoutingKey)]
    [TestCase("acme.hq.reading.x", Refusals.RoutingKey)]
    [TestCase("ACME.hq.reading", Refusals.RoutingKey)]
    [TestCase("acme.hq\0.reading", Refusals.RoutingKey)]
    [TestCase("globex.hq.reading", Refusals.Tenant)]
    [TestCase("acme.plant.reading", Refusals.Source)]
    public void The_routing_key_is_the_word_of_the_broker(string key, string refused) =>
        Assert.That(ReadBatch.Read(Good() with { RoutingKey = key }).Refused, Is.EqualTo(refused));

    [TestCase("application/json")]
    [TestCase("application/vnd.masstransit+json")]
    [TestCase(null)]
    public void Another_content_type_is_refused(string? type) =>
        Assert.That(ReadBatch.Read(Good() with { ContentType = type }).Refused, Is.EqualTo(Refusals.ContentType));

    [TestCase(null)]
    [TestCase("")]
    [TestCase("some agent")]
    [TestCase("../acme")]
    public void An_agent_without_a_name_is_refused(string? agent) =>
        Assert.That(ReadBatch.Read(Good() with { Agent = agent }).Refused, Is.EqualTo(Refusals.Agent));

    [Test]
    public void Another_agents_header_does_not_fit_the_source() =>
        Assert.That(ReadBatch.Read(Good() with { Agent = "acme-plant" }).Refused, Is.EqualTo(Refusals.Source));

    [TestCase(null)]
    [TestCase(0L)]
    [TestCase(-1L)]
    public void A_batch_without_a_number_is_refused(long? sequence) =>
        Assert.That(ReadBatch.Read(Good() with { Sequence = sequence }).Refused, Is.EqualTo(Refusals.Sequence));

    [Test]
    public void A_body_over_a_mebibyte_is_refused_unread() =>
        Assert.That(ReadBatch.Read(Good() with { Body = new byte[EdgeBatch.LargestBody + 1] }).Refused, Is.EqualTo(Refusals.Oversize));

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("[null]")]
    [TestCase("null")]
    [TestCase("[{}]")]
    [TestCase("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [TestCase("\u0001\u0002")]
    public void What_is_no_array_of_events_is_refused(string body) =>
        Assert.That(ReadBatch.Read(_hq.Deliver(1, body)).Refused, Is.EqualTo(Refusals.Schema));

    // Every member of every type is removed, doubled by a stranger, and given a wrong type, one at a time.
    [Test]
    public void One_wrong_member_anywhere_refuses_the_batch()
    {
        var tried = 0;
        foreach (var (_, data) in Samples.All)
            foreach (var (what, broken) in Mutations(JsonSerializer.SerializeToNode(new[] { _hq.Event(data, Noon) }, EdgeBatch.Json)!))
            {
                tried++;
                Assert.That(ReadBatch.Read(_hq.Deliver(1, broken)).Refused, Is.EqualTo(Refusals.Schema).Or.EqualTo(Refusals.Tenant).Or.EqualTo(Refusals.Source), what);
            }
        Assert.That(tried, Is.GreaterThan(200));
    }

    [Test]
    public void A_member_said_twice_refuses_the_batch()
    {
        var body = JsonSerializer.Serialize(new[] { _hq.Event(Meter(1), Noon) }, EdgeBatch.Json);

        Assert.That(ReadBatch.Read(_hq.Deliver(1, body.Replace("\"value\":1,", "\"value\":1,\"value\":2,", StringComparison.Ordinal))).Refused, Is.EqualTo(Refusals.Schema));
    }

    [Test]
    public void An_event_twice_in_one_batch_refuses_it()
    {
        var e = _hq.Event(Meter(1), Noon);

        Assert.That(ReadBatch.Read(_hq.Deliver(1, [e, e])).Refused, Is.EqualTo(Refusals.Schema));
    }

    [Test]
    public void Half_a_surrogate_pair_is_no_text() =>
        Assert.That(ReadBatch.Read(_hq.Deliver(1, Text("\\ud83d"))).Refused, Is.EqualTo(Refusals.Schema));

    [Test]
    public void Bytes_that_are_no_utf8_are_no_text()
    {
        var body = Encoding.Latin1.GetBytes(Text("\u00e9"));

        Assert.That(ReadBatch.Read(_hq.Deliver(1, "") with { Body = body }).Refused, Is.EqualTo(Refusals.Schema));
    }

    // PostgreSQL could not store it, and would have the whole transaction fail for ever.
    [Test]
    public void A_NUL_in_a_text_makes_its_event_invalid_and_no_other()
    {
        var batch = ReadBatch.Read(_hq.Deliver(1, Text("\\u0000")));

        Assert.That(batch.Events.Select(e => e.Invalid), Is.EqualTo(new[] { true }));
        Assert.That(ReadBatch.Read(_hq.Deliver(1, Text("0000"))).Events.Single().Invalid, Is.False);
    }

    [TestCaseSource(nameof(Impossible))]
    public void A_value_that_cannot_be_is_seen(object data) =>
        Assert.That(ReadBatch.Read(_hq.SendsAt(Noon, data)).Events.Single().Invalid, Is.True);

    private static IEnumerable<object> Impossible()
    {
        yield return Meter(-200);
        yield return Meter(1) with { Device = new DeviceRef("") };
        yield return Meter(1) with { Counters = [.. Meter(1).Counters, Meter(2).Counters[0]] };
        yield return Toner(1) with { Supplies = [Toner(1).Supplies[0] with { Percent = 101 }] };
        yield return Toner(1) with { Supplies = [Toner(1).Supplies[0] with { Capacity = null }] };
        yield return Toner(1) with { Supplies = [Toner(1).Supplies[0] with { Level = null }] };
        yield return Toner(1) with { Supplies = [Toner(1).Supplies[1] with { Percent = 50 }] };
        yield return Toner(1) with { Supplies = [Toner(1).Supplies[1] with { State = "half" }] };
        yield return Toner(1) with { Supplies = [Toner(1).Supplies[1] with { Slot = new string('1', 65) }] };
        yield return Raised(new string('1', 65));
        yield return Raised() with { Description = new string('x', 256 * 1024) };
        yield return Status("on fire");
        yield return Health() with { Sent = -1 };
        yield return Health() with { Discovery = Health().Discovery! with { Vanished = -1 } };
    }

    private EdgeDelivery Good() => _hq.Deliver(1, [_hq.Event(Meter(1), Noon)]);

    private string Text(string inside) =>
        JsonSerializer.Serialize(new[] { _hq.Event(Raised() with { Description = "MARK" }, Noon) }, EdgeBatch.Json).Replace("MARK", inside, StringComparison.Ordinal);

    private static IEnumerable<(string What, string Json)> Mutations(JsonNode batch)
    {
        foreach (var path in Objects(batch).Select(o => o.GetPath()).ToList())
        {
            var members = ((JsonObject)At(batch, path)).Select(m => m.Key).ToList();
            yield return ($"{path} gets a stranger", Changed(path, o => o["user"] = "anna"));
            foreach (var member in members)
            {
                if (IsRequired(path, member))
                    yield return ($"{path}.{member} is missing", Changed(path, o => o.Remove(member)));
                yield return ($"{path}.{member} has a wrong type", Changed(path, o => o[member] = new JsonArray(new JsonArray())));
            }
        }

        string Changed(string path, Action<JsonObject> change)
        {
            var copy = batch.DeepClone();
            change((JsonObject)At(copy, path));
            return copy.ToJsonString();
        }
    }

    // Optional members of the contract: what a device did not tell or a consent does not cover.
    private static bool IsRequired(string path, string member) =>
        member is not ("manufacturer" or "serial" or "mac" or "address" or "model" or "sysObjectId" or "firmware" or "location" or "level" or "capacity" or "percent" or "discovery"
            or "openAlerts" or "standbyFor")
        && !(member == "name" && path.EndsWith(".data", StringComparison.Ordinal));

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(m => Objects(m.Value)).Prepend(o),
        JsonArray a => a.SelectMany(Objects),
        _ => [],
    };

    private static JsonNode At(JsonNode root, string path) => Objects(root).Single(o => o.GetPath() == path);
}
