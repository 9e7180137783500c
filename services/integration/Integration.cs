using Fleet.Defaults;
using Fleet.Integration.Facts;

namespace Fleet.Integration;

/// <summary>Everything the other services make public, in one order for ever, for those outside.</summary>
public static class Integration
{
    public static readonly Module Module = new("integration")
    {
        Streams = [Feed.Stream, AccessRefusals.Stream],
        Tables = [TenantAccess.Table],
        Consumers = [.. PublicMessages.Consumers, .. TenantAccess.Consumers],       // every public message -> feed/{type}
        Announcements = [AccessRefusals.Announcement],
        Routes =
        [
            EventsRoutes.Map,                           // GET  /api/v1/events
            Subscribe.Map,                              // gRPC fleet.v1.FleetEvents/Subscribe
        ],
    };
}
