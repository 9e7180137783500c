using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fleet.Agent.Changes;
using Fleet.Agent.Commands;
using Fleet.Agent.Configuration;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Discovering;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Granting;
using Fleet.Agent.Hearing;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>The agent's JSON is written and read by generated code, for it is installed trimmed. Reflection, which it has not, is what that code is held against: the same text, the same values, the same faults.</summary>
public class AgentJsonTests
{
    private static readonly PrinterReading Reading = new(SnmpOutcome.Answered, new("kyocera", 3), true, "1.3.6.1.4.1.1347.41", "Kyocera", "TASKalfa", "RVP0001", Location: "größe <1>", Status: new("running", "idle", ["lowToner"]))
    {
        Counters = [new("total", 100, "impressions", "1.3.6.1")],
        Supplies = [new("1.1", "TK-8375K", "toner", "consumed", null, "impressions", "measured", 500, 1000, 50.0m)],
        Covers = [new("1.1", "Front", null)]
    };

    private static IEnumerable<TestCaseData> Read()
    {
        yield return Case(ReadConfig.Parse("""
            {
              "tenant": "acme", "site": "hq", "agentId": "acme-hq", "stateDir": "/s", "api": "https://fleet.example", "broker": { "host": "mq", "vhost": "v" }, "metersEvery": "0 6 * * *", "alertsEvery": "30s",
              "spoolMaxAge": "2d", "targets": [{ "address": "192.0.2.1", "port": 1161 }], "ranges": [{ "addresses": "192.0.2.0/24, !192.0.2.9", "credential": "v3" }], "timeZone": "Europe/Vienna", "page": { "port": 0 },
              "credentials": { "v3": { "version": "v3", "user": "u" } }, "proxy": { "address": "http://p:3128", "except": ["x"] }, "traps": { "credentials": ["v3"] }, "copyTo": "/c"
            }
            """), ConfigJson.Strict);
        yield return Case(new List<RangeConfig> { new("192.0.2.7"), new("192.0.2.8", 1, "c", "d") }, ConfigJson.Written);
        yield return Case(new DeviceMemory("k", "t", Device, Seen.Seen, Seen.Supplies, Seen.Status, [Alert(1)], Today), MemoryJson.Strict);
        yield return Case(new List<EdgeEvent> { Fleet.Agent.Events.Fact.Of(Seen.Supplies!).At(Noon, Guid.Empty, "/s", "acme", "1-x") }, EdgeJson.Strict);
        foreach (var said in new object[] { Seen.Seen!, Seen.Meters!, Seen.Supplies!, Seen.Status! with { OpenAlerts = [new("1.1", 8)] }, Alert(1), new AlertCleared(Device, "1.1", 8), Health })
            yield return Case(said, EdgeJson.Strict);
        yield return Case(new EdgeGrant("1-x", "https://fleet.example", "acme-hq", "acme", "hq", ["billing"], ["counters"], 1, 2), new EdgeJson(new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true }));
        yield return Case(new Vitals("acme-hq", "1", Noon, new(Noon, Noon), new(Noon, "b", "c", "d"), new(true, null, new(FailureKind.Tls, "no")), new(1, 2, 3), new(4, ["192.0.2.1"])), VitalsJson.Told);
        yield return Case(new GrantAnswer("g", Noon, true), GrantAnswerJson.Default);
        yield return Case(new GrantProblem("t", "d", "a", 1.5), GrantAnswerJson.Default);
        yield return Case(new List<Withheld> { new("counters", Noon) }, WithheldJson.Default);
        yield return Case(new SignedGrant("g", "k", Noon, true), KeptGrantJson.Default);
        yield return Case(new IssuerAnswer("a", "r", 1, "e", "d", "c", "u", "v", "w", 5, "acme", "hq", "acme-hq"), IssuerAnswerJson.Default);
        yield return Case(new EngineFile("80001f88", 3), EngineJson.Default);
        yield return Case(new Inventory("o", Noon, [new("k", "t", "192.0.2.1", "l", Noon)], FieldGroups.All), InventoryJson.Default);
        yield return Case(new Enrolment("https://fleet.example", "acme", "hq", "acme-hq", "k", "r", Noon), EnrolmentJson.Default);
        yield return Case(new List<Region> { new("https://fleet.example", "amqps://mq") }, RegionJson.Default);
        foreach (var profile in Profiles.BuiltIn.All.Where(profile => profile.Name is "ricoh" or "generic")) yield return Case(profile, ProfileJson.Rules).SetArgDisplayNames(profile.Name);
        yield return Case(KindRules.BuiltIn, ProfileJson.Rules);
    }

    private static IEnumerable<TestCaseData> Written() => Read().Concat(
    [
        Case(Reading, ReadingJson.Whole),
        Case(Reading, ReadingJson.Short),
        Case(new TestedCapture("x.snmprec", 3, new(Reading, [new("serial", "RVP0001", "1.3", "as it stands", new("kyocera", 3))], ["life"], "s"), null, ["a < b"]), TestedJson.Short),
        Case(new List<Finding> { new("dns", "ok"), new("snmp", "no", "do") }, FindingJson.Default),
        Case(new Invitation("BCDF-GHJK", "https://fleet.example/device", "https://fleet.example/device?a=1&b=ü", "k", Noon), EnrolJson.Lines),
        Case(new Enrolled("acme", "hq", "acme-hq", "k", null, ["a"]), EnrolJson.Lines),
        Case(new FirstConfig("acme", "hq", "acme-hq", "https://fleet.example", new("mq", 5671, null), null, "/s", []), FirstConfigJson.Default),
        Case(new ProofClaims("POST", "https://fleet.example", 1, "j"), ProofJson.Default)
    ]);

    [TestCaseSource(nameof(Written))]
    public void It_writes_what_reflection_writes(object sample, JsonSerializerContext json) =>
        Assert.That(JsonSerializer.Serialize(sample, sample.GetType(), json), Is.EqualTo(JsonSerializer.Serialize(sample, sample.GetType(), Reflecting(json))));

    // Every member once gone, once null, once of every other kind, and one too many in every object.
    [TestCaseSource(nameof(Read))]
    public void It_reads_what_reflection_reads_and_refuses_it_in_the_same_words(object sample, JsonSerializerContext json)
    {
        var whole = JsonSerializer.Serialize(sample, sample.GetType(), json);
        var tried = Spoilt(JsonNode.Parse(whole)!).Append(whole).ToList();
        foreach (var text in tried) Assert.That(Outcome(text, json.Options), Is.EqualTo(Outcome(text, Reflecting(json))), text);
        Assert.That(tried, Has.Count.GreaterThan(10));

        string Outcome(string text, JsonSerializerOptions options)
        {
            try
            {
                return JsonSerializer.Serialize(JsonSerializer.Deserialize(text, sample.GetType(), options), sample.GetType(), options);
            }
            catch (Exception refused) when (refused is JsonException or NullReferenceException)
            {
                return sample is Profile ? "refused" : refused.Message;     // a profile's words come from its schema, which is asked first
            }
        }
    }

    [Test]
    public void Code_that_forgets_a_member_would_be_found()
    {
        var forgetful = new DefaultJsonTypeInfoResolver { Modifiers = { info => { if (info.Type == typeof(EngineFile)) info.Properties.RemoveAt(1); } } };
        var sample = new EngineFile("80001f88", 3);
        Assert.That(JsonSerializer.Serialize(sample, Reflecting(EngineJson.Default, forgetful)), Is.Not.EqualTo(JsonSerializer.Serialize(sample, EngineJson.Default.EngineFile)));
    }

    private static readonly AgentHealth Health = new("1", 2, 3, 4, 5, 6, 7, new(Noon, 1, 2, 3, [new("ups", 1)], 4, 5, 6), "other");

    private static TestCaseData Case(object sample, JsonSerializerContext json) => new TestCaseData(sample, json).SetArgDisplayNames(json.GetType().Name, sample is System.Collections.IEnumerable ? "list" : sample.GetType().Name);

    private static JsonSerializerOptions Reflecting(JsonSerializerContext json, DefaultJsonTypeInfoResolver? reflection = null) => new(json.Options) { TypeInfoResolver = reflection ?? new() };

    private static IEnumerable<string> Spoilt(JsonNode root)
    {
        foreach (var path in Places(root, []).ToList())
        {
            foreach (var change in new Action<JsonNode, object>[] { Remove, (in_, at) => Put(in_, at, null), (in_, at) => Put(in_, at, 17), (in_, at) => Put(in_, at, "x"), (in_, at) => Put(in_, at, new JsonArray()), (in_, at) => Put(in_, at, new JsonObject()), Add })
            {
                var copy = root.DeepClone();
                change(path.SkipLast(1).Aggregate(copy, (node, step) => step is int at ? node[at]! : node[(string)step]!), path[^1]);
                yield return copy.ToJsonString();
            }
        }
    }

    private static IEnumerable<object[]> Places(JsonNode? node, object[] path) => node switch
    {
        JsonObject members => members.SelectMany(one => Places(one.Value, [.. path, one.Key]).Prepend([.. path, one.Key])),
        JsonArray items => items.Take(1).SelectMany((one, at) => Places(one, [.. path, at]).Prepend([.. path, at])),
        _ => []
    };

    private static void Remove(JsonNode parent, object at)
    {
        if (at is int index) parent.AsArray().RemoveAt(index);
        else parent.AsObject().Remove((string)at);
    }

    private static void Put(JsonNode parent, object at, JsonNode? value)
    {
        if (at is int index) parent[index] = value;
        else parent[(string)at] = value;
    }

    private static void Add(JsonNode parent, object at)
    {
        if (parent is JsonObject members) members["nobody"] = "x";
    }
}
