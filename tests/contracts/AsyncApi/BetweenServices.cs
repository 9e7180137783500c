using System.Text.Json.Nodes;
using Fleet.Defaults;
using MassTransit;
using static Fleet.Contracts.Tests.AsyncApi.Part;

namespace Fleet.Contracts.Tests.AsyncApi;

/// <summary>What services announce and hear: an exchange per message type, a queue per consumer; from the tables of the modules.</summary>
internal static class BetweenServices
{
    private const string Envelope = "busEnvelope";

    /// <summary>Facts, and beside them questions and answers.</summary>
    public static IReadOnlyList<Type> Messages(IReadOnlyCollection<Module> modules) =>
        [.. Announced(modules).Concat(modules.SelectMany(module => module.Says)).OrderBy(BusNames.Of, StringComparer.Ordinal)];

    public static IEnumerable<Type> Announced(IEnumerable<Module> modules) => modules.SelectMany(module => module.Announcements).Select(announcement => announcement.MessageType).Distinct();

    public static Part Of(IReadOnlyCollection<Module> modules)
    {
        var part = new Part([], Operations(modules), [], new() { [Envelope] = EnvelopeSchema() });
        foreach (var message in Messages(modules))
        {
            var name = BusNames.Of(message);
            part.Channels[name] = new JsonObject
            {
                ["address"] = name,
                ["title"] = message.Name,
                ["messages"] = new JsonObject { [message.Name] = Ref($"#/components/messages/{name}") },
                ["bindings"] = Exchange(name, "fanout"),
            };
            var (whole, own) = SchemaOf(message);
            part.Messages[name] = Message(message, whole);
            if (own is not null)
                part.Schemas[name] = own;
        }
        return part;
    }

    private static JsonObject Operations(IEnumerable<Module> modules)
    {
        var operations = new JsonObject();
        foreach (var module in modules)
        {
            foreach (var message in Announced([module]))
                operations[$"{module.Name}-announce-{BusNames.Of(message).Split('.')[^1]}"] =
                    Operation("send", BusNames.Of(message), $"Announced by {module.Name}", module.Name, Persistent());
            foreach (var message in module.Says)
                operations[$"{module.Name}-say-{BusNames.Of(message).Split('.')[^1]}"] = Operation("send", BusNames.Of(message), $"Said by {module.Name}; no fact, asked again when lost", module.Name, Persistent());
            foreach (var consumer in module.Consumers.Where(consumer => consumer.Message is not null))
                operations[$"{module.Name}-{consumer.Name}"] =
                    Operation("receive", BusNames.Of(consumer.Message!), $"Queue {module.Name}-{consumer.Name}{(consumer.OfProcess ? "-…, one of each process, gone with it" : "")}", module.Name, Acknowledged());
        }
        return operations;
    }

    // The file integrators read, unless the bus writes the message differently.
    private static (JsonObject Reference, JsonObject? Own) SchemaOf(Type message)
    {
        var own = MessageSchemas.OnTheBus(message);
        return JsonNode.DeepEquals(own, MessageSchemas.Of(message, MessageSchemas.Public))
            ? (Ref($"../{MessageSchemas.PathOf(message)}"), null)
            : (Ref($"#/components/schemas/{BusNames.Of(message)}"), own);
    }

    private static JsonObject Message(Type message, JsonObject schema)
    {
        var urn = MessageUrn.ForTypeString(message);
        return new()
        {
            ["title"] = message.Name,
            ["summary"] = MessageSchemas.About(message),
            ["contentType"] = "application/vnd.masstransit+json",
            ["payload"] = new JsonObject
            {
                ["allOf"] = new JsonArray(
                    Ref($"#/components/schemas/{Envelope}"),
                    new JsonObject
                    {
                        ["properties"] = new JsonObject
                        {
                            ["messageType"] = new JsonObject { ["contains"] = new JsonObject { ["const"] = urn } },
                            ["message"] = schema,
                        },
                    }),
            },
            ["examples"] = new JsonArray(new JsonObject
            {
                ["name"] = message.Name,
                ["payload"] = new JsonObject
                {
                    ["messageId"] = "0195c5e5-0000-7000-8000-000000000001",
                    ["messageType"] = new JsonArray(urn),
                    ["message"] = CheckedIn.Read($"golden/{BusNames.Of(message)}.json"),
                },
            }),
        };
    }

    // MassTransit's own members that a reader needs; it writes more.
    private static JsonObject EnvelopeSchema() => new()
    {
        ["type"] = "object",
        ["description"] = "MassTransit's envelope.",
        ["properties"] = new JsonObject
        {
            ["messageId"] = new JsonObject
            {
                ["type"] = "string",
                ["format"] = "uuid",
                ["description"] = "The id of the stored event the message was made from: the same at every delivery. (Of a batch: of its first and last event.)",
            },
            ["messageType"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["format"] = "uri" } },
            ["message"] = new JsonObject { ["type"] = "object" },
            ["sentTime"] = new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            ["headers"] = new JsonObject { ["type"] = "object" },
        },
        ["required"] = new JsonArray("messageId", "messageType", "message"),
    };
}
