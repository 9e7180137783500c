using System.Text.Json.Nodes;
using Fleet.Defaults;

namespace Fleet.Contracts.Tests.AsyncApi;

/// <summary>AsyncAPI 3.0 of everything that is said by message, from the modules' tables, the records of contracts/ and their golden samples.</summary>
internal static class AsyncApiDocument
{
    public static JsonObject Of(IReadOnlyCollection<Module> modules)
    {
        Part[] parts = [Edge.Of(modules), BetweenServices.Of(modules), Feed.Of(modules.Single(module => module.Name == "integration"))];
        return new()
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Fleet",
                ["version"] = "v1",
                ["description"] = "What goes by message: from the agents, between the services, to integrators. Additive changes only: a reader ignores members it does not know; "
                    + "what would break one is a new type, `v2`. Only what agents send is read strictly.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0" },
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = Joined(parts.Select(part => part.Channels)),
            ["operations"] = Joined(parts.Select(part => part.Operations)),
            ["components"] = new JsonObject
            {
                ["messages"] = Joined(parts.Select(part => part.Messages)),
                ["schemas"] = Joined(parts.Select(part => part.Schemas)),
                ["securitySchemes"] = new JsonObject
                {
                    ["accessToken"] = new JsonObject
                    {
                        ["type"] = "userPassword",
                        ["description"] = "AMQPS; any user name, and as password an access token of `POST /oauth/token` (contracts/openapi) whose audience is the broker.",
                    },
                },
            },
        };
    }

    private static JsonObject Joined(IEnumerable<JsonObject> parts) =>
        new(parts.SelectMany(part => part).ToList().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
}
