// streams feed/{type} -> committed sequence -> gRPC fleet.v1.FleetEvents/Subscribe
using Fleet.Defaults;
using Fleet.Defaults.Grpc;
using Fleet.EventStore;
using Fleet.Protos.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Integration.Facts;

/// <summary>The events of GET /api/v1/events, under the same positions, as a gRPC stream that stays open.</summary>
public static class Subscribe
{
    private const string Service = "fleet.v1.FleetEvents";

    // HTTP/2 pings keep the connection; the feed needs no sign of life of its own.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGrpcServerStream<SubscribeRequest, FleetEvent>(Service, nameof(Subscribe), Right.ReadEvents, SubscribeRequest.Parser,
            (request, responses, call) => SendAsync(module, request, responses, call));
        app.MapGrpcUnimplemented(Service);
    }

    private static async Task SendAsync(ModuleContext module, SubscribeRequest request, ServerStreamWriter<FleetEvent> responses, ServerCallContext call)
    {
        if (!Position.TryRead(request.After, out var after))
            throw new RpcException(StatusCode.InvalidArgument, Position.Refused);
        // The same answer for a tenant that does not exist and for another's; one of our own that does not allow it is told as such.
        if (request.Tenants.FirstOrDefault(t => !call.Caller.Sees(t)) is { } foreign)
            throw await Whereabouts.OfAsync(module, foreign, reads: true, call.CancellationToken) is { } elsewhere ? elsewhere.ToRpcException() : new RefusedException(call.Caller.Unseen(foreign));
        var tenants = request.Tenants.Count > 0 ? [.. request.Tenants] : call.Caller.Tenants;
        var types = request.Types_.ToHashSet(StringComparer.Ordinal);

        await responses.StartAsync(call.CancellationToken);
        await foreach (var page in module.FollowAsync(after, tenants, Idle, call.CancellationToken))
            foreach (var e in page.OfType<IEvent<FactEvent.Recorded>>().Where(e => (types.Count == 0 || types.Contains(e.Data.Type)) && FactPurposes.Shows(call.Caller, e)))
                await responses.WriteAsync(Message(CloudEvent.Of(e)), call.CancellationToken);
    }

    public static FleetEvent Message(CloudEvent e) => new()
    {
        Position = e.Position,
        Id = e.Id,
        Type = e.Type,
        Source = e.Source,
        Subject = e.Subject ?? "",
        Time = Timestamp.FromDateTimeOffset(e.Time),
        Tenant = e.TenantId,
        Data = ByteString.CopyFromUtf8(e.Data.GetRawText()),
    };
}
