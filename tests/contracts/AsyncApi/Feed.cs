using System.Text.Json.Nodes;
using Fleet.Defaults;
using Fleet.Integration.Facts;
using static Fleet.Contracts.Tests.AsyncApi.Part;

namespace Fleet.Contracts.Tests.AsyncApi;

/// <summary>What integrators get: every public message as a CloudEvent, in one order, from any position.</summary>
internal static class Feed
{
    private const string Channel = "events", Recorder = "record-";

    public static Part Of(Module integration)
    {
        var part = new Part([], [], [], new() { ["cloudEvent"] = MessageSchemas.Of(typeof(CloudEvent), MessageSchemas.Public) });
        var types = integration.Consumers.Where(consumer => consumer.Name.StartsWith(Recorder, StringComparison.Ordinal)).ToDictionary(TypeOf, consumer => consumer.Message!);
        foreach (var (type, message) in types.OrderBy(t => t.Key, StringComparer.Ordinal))
            part.Messages[type] = Message(type, message);
        part.Channels[Channel] = new JsonObject
        {
            ["address"] = "/api/v1/events",
            ["title"] = "To integrators",
            ["description"] = "Read page by page over HTTP (contracts/openapi), or as the gRPC stream fleet.v1.FleetEvents/Subscribe (contracts/protos): the same events under the same positions.",
            ["messages"] = new JsonObject(types.Keys.Order(StringComparer.Ordinal).Select(type => KeyValuePair.Create(type, (JsonNode?)Ref($"#/components/messages/{type}")))),
        };
        part.Operations["integration-events"] = Operation("send", Channel, "Everything that became public, once for ever", integration.Name,
            new() { ["http"] = new JsonObject { ["method"] = "GET", ["bindingVersion"] = "0.3.0" } });
        return part;
    }

    // record-alert-raised, AlertRaised of Alerting.V1 -> fleet.alerting.alert-raised.v1
    private static string TypeOf(Consumer recorder)
    {
        var words = BusNames.Of(recorder.Message!).Split('.');
        return $"fleet.{words[0]}.{recorder.Name[Recorder.Length..]}.{words[1]}";
    }

    private static JsonObject Message(string type, Type message) => new()
    {
        ["title"] = type,
        ["summary"] = MessageSchemas.About(message),
        ["contentType"] = "application/cloudevents+json",
        ["payload"] = new JsonObject
        {
            ["allOf"] = new JsonArray(
                Ref("#/components/schemas/cloudEvent"),
                new JsonObject { ["properties"] = new JsonObject { ["type"] = new JsonObject { ["const"] = type }, ["data"] = Ref(DataOf(type, message)) } }),
        },
        ["examples"] = new JsonArray(new JsonObject { ["name"] = type, ["payload"] = CheckedIn.Read($"golden/cloudevents/{type}.json") }),
    };

    // A message that goes over the bus in batches is one event for each thing in it.
    private static string DataOf(string type, Type message) =>
        BusNames.Of(message).Split('.')[^1] == type.Split('.')[2]
            ? $"../{MessageSchemas.PathOf(message)}"
            : $"../{MessageSchemas.PathOf(message)}#/properties/{MessageSchemas.Of(message, MessageSchemas.Public)["properties"]!.AsObject().Single(p => p.Value!["items"] is not null).Key}/items";
}
