using System.Reflection;
using System.Text.Json.Nodes;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using static Fleet.Contracts.Tests.AsyncApi.Part;
using Module = Fleet.Defaults.Module;

namespace Fleet.Contracts.Tests.AsyncApi;

/// <summary>What agents send, over the exchange <c>edge</c>, and what they are told, over the exchange <c>control</c>.</summary>
internal static class Edge
{
    private const string Batch = "edgeBatch", Notice = "consentNotice";
    private static readonly string[] Lanes = [EdgeBatch.ReadingLane, EdgeBatch.AlertLane];

    public static Part Of(IEnumerable<Module> modules) => new(
        new()
        {
            [EdgeBatch.Exchange] = new JsonObject
            {
                ["address"] = EdgeBatch.RoutingKey("{tenant}", "{site}", "{lane}"),
                ["title"] = "From the agents",
                ["description"] = "An agent's token lets it write to the routing keys of its own tenant and site, and nothing else. "
                    + "A batch is published persistent, mandatory and with confirms; what is confirmed is kept.",
                ["messages"] = new JsonObject { [Batch] = Ref($"#/components/messages/{Batch}") },
                ["parameters"] = new JsonObject
                {
                    ["tenant"] = new JsonObject { ["description"] = FieldWords.Of("tenantId") },
                    ["site"] = new JsonObject { ["description"] = FieldWords.Of("siteId") },
                    ["lane"] = new JsonObject { ["description"] = "Alerts are never stuck behind readings.", ["enum"] = new JsonArray([.. Lanes]) },
                },
                ["bindings"] = Exchange(EdgeBatch.Exchange, "topic"),
            },
            [EdgeAccess.ControlExchange] = new JsonObject
            {
                ["address"] = "{tenant}",
                ["title"] = "To the agents",
                ["description"] = $"Reaches the queue {EdgeAccess.ControlQueue("{tenant}", "{agent}")} of each of a tenant's agents, which that agent alone may read.",
                ["messages"] = new JsonObject { [Notice] = Ref($"#/components/messages/{Notice}") },
                ["parameters"] = new JsonObject { ["tenant"] = new JsonObject { ["description"] = FieldWords.Of("tenantId") } },
                ["bindings"] = Exchange(EdgeAccess.ControlExchange, "topic"),
            },
        },
        Operations(modules),
        new()
        {
            [Batch] = new JsonObject
            {
                ["title"] = "A batch of one agent",
                ["summary"] = $"CloudEvents 1.0, at most {EdgeBatch.LargestBody} bytes. Read strictly: one wrong member, and the whole batch is refused.",
                ["description"] = MessageSchemas.About(typeof(BatchStatement)),
                ["contentType"] = EdgeBatch.ContentType,
                ["headers"] = Headers(),
                ["payload"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = Ref("#/components/schemas/edgeEvent") },
                ["examples"] = new JsonArray([.. Types.Select(type => new JsonObject
                {
                    ["name"] = type,
                    ["headers"] = new JsonObject { [EdgeBatch.AgentHeader] = "acme-hq", [EdgeBatch.SequenceHeader] = 1 },
                    ["payload"] = new JsonArray(CheckedIn.Read($"golden/edge/{type}.json")),
                })]),
            },
            [Notice] = new JsonObject
            {
                ["title"] = "A consent has changed",
                ["summary"] = $"AMQP property `type` {ConsentNotice.Type}; another type is another message, to be left alone by who does not know it.",
                ["description"] = MessageSchemas.About(typeof(ConsentNotice)),
                ["contentType"] = ConsentNotice.ContentType,
                ["payload"] = Ref($"#/components/schemas/{Notice}"),
                ["examples"] = new JsonArray(new JsonObject { ["name"] = "after a withdrawal", ["payload"] = CheckedIn.Read($"golden/edge/{ConsentNotice.Type}.json") }),
            },
        },
        Schemas());

    private static IReadOnlyList<string> Types { get; } =
        [.. typeof(EdgeEventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(type => (string)type.GetRawConstantValue()!)];

    private static JsonObject Operations(IEnumerable<Module> modules)
    {
        var sends = Operation("send", EdgeBatch.Exchange, "An agent says what changed", "agent", Amqp(new() { ["deliveryMode"] = 2, ["mandatory"] = true }));
        sends["security"] = new JsonArray(Ref("#/components/securitySchemes/accessToken"));
        var hears = Operation("receive", EdgeAccess.ControlExchange, "An agent hears what may be asked no longer", "agent", Acknowledged());
        hears["security"] = new JsonArray(Ref("#/components/securitySchemes/accessToken"));
        var operations = new JsonObject
        {
            ["agent-publish"] = sends,
            ["agent-hear"] = hears,
            ["consent-tell"] = Operation("send", EdgeAccess.ControlExchange, "Told after each change of a consent", "consent", Persistent()),
        };
        foreach (var (module, consumer) in modules.SelectMany(m => m.Consumers.Where(c => c.Message is null).Select(c => (m, c))))
        {
            // A consumer of a foreign format is to be described here by hand; this is the only one there is.
            Assert.That(Lanes.Select(lane => $"{EdgeBatch.Exchange}-{lane}"), Has.Member(consumer.Name), $"{module.Name}: what does {consumer.Name} take?");
            operations[$"{module.Name}-{consumer.Name}"] =
                Operation("receive", EdgeBatch.Exchange, $"Queue {module.Name}-{consumer.Name}", module.Name, Acknowledged());
        }
        return operations;
    }

    private static JsonObject Headers() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(typeof(EdgeBatch).GetFields().Where(constant => constant.Name.EndsWith("Header", StringComparison.Ordinal))
            .Select(constant => KeyValuePair.Create((string)constant.GetRawConstantValue()!, (JsonNode?)Header(constant.Name)))),
        ["required"] = new JsonArray(EdgeBatch.AgentHeader, EdgeBatch.SequenceHeader),
    };

    private static JsonObject Header(string constant) => new()
    {
        ["type"] = constant == nameof(EdgeBatch.SequenceHeader) ? "integer" : "string",
        ["description"] = MessageSchemas.Constant(typeof(EdgeBatch), constant),
    };

    // The envelope, and for each type what its data is.
    private static JsonObject Schemas()
    {
        var envelope = MessageSchemas.Of(typeof(EdgeEvent), EdgeBatch.Json);
        envelope["properties"]!["type"]!["enum"] = new JsonArray([.. Types]);
        return new()
        {
            [Notice] = MessageSchemas.Of(typeof(ConsentNotice), ConsentNotice.Json),
            ["edgeEnvelope"] = envelope,
            ["edgeEvent"] = new JsonObject
            {
                ["allOf"] = new JsonArray(
                    Ref("#/components/schemas/edgeEnvelope"),
                    new JsonObject
                    {
                        ["oneOf"] = new JsonArray([.. Types.Select(type => new JsonObject
                        {
                            ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = type }, ["data"] = Ref($"../schemas/{type}.json") },
                        })]),
                    }),
            },
        };
    }
}
