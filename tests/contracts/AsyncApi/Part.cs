using System.Text.Json.Nodes;

namespace Fleet.Contracts.Tests.AsyncApi;

/// <summary>A stretch of an AsyncAPI 3 document: what goes over some channels, and who says and hears it.</summary>
internal sealed record Part(JsonObject Channels, JsonObject Operations, JsonObject Messages, JsonObject Schemas)
{
    public static JsonObject Ref(string to) => new() { ["$ref"] = to };

    public static JsonObject Channel(string id) => Ref($"#/channels/{id}");

    /// <summary>A service sends to or receives from a channel all that goes over it.</summary>
    public static JsonObject Operation(string action, string channel, string title, string service, JsonObject bindings) => new()
    {
        ["action"] = action,
        ["channel"] = Channel(channel),
        ["title"] = title,
        ["tags"] = new JsonArray(new JsonObject { ["name"] = service }),
        ["bindings"] = bindings,
    };

    public static JsonObject Amqp(JsonObject binding)
    {
        binding["bindingVersion"] = "0.3.0";
        return new() { ["amqp"] = binding };
    }

    public static JsonObject Exchange(string name, string type) => Amqp(new()
    {
        ["is"] = "routingKey",
        ["exchange"] = new JsonObject { ["name"] = name, ["type"] = type, ["durable"] = true, ["autoDelete"] = false, ["vhost"] = "fleet" },
    });

    /// <summary>A message is taken off its queue when everything it led to is committed.</summary>
    public static JsonObject Acknowledged() => Amqp(new() { ["ack"] = true });

    public static JsonObject Persistent() => Amqp(new() { ["deliveryMode"] = 2 });
}
