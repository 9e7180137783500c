using System.Text.Json.Serialization;

namespace Fleet.Defaults;

/// <summary>A place where tenants live and stay. Null where the region does not offer the door.</summary>
/// <param name="Name">A slug: <c>eu</c>.</param>
/// <param name="Country">ISO 3166-1 alpha-2 of the place the data stays in.</param>
/// <param name="Api">Origin of the HTTP API, and issuer of the region's access tokens.</param>
/// <param name="Amqps">Broker for agents, <c>amqps://host:port</c>.</param>
/// <param name="Grpc">Origin of the gRPC API.</param>
/// <param name="Here">True for the region that answers.</param>
public sealed record Region(string Name, string? Country, string Api, string? Amqps = null, string? Grpc = null, bool Here = false)
{
    /// <summary>Public half of the key the region signs exports and tombstones with.</summary>
    [JsonIgnore]
    public KeySet? Keys { get; init; }
}
