// POST /api/v1/tenants/{t}/devices/{id}/merge, …/merge/undo -> Decide -> streams device/{id} of both, device_link -> the gate
using System.ComponentModel;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Devices;

/// <param name="Into">Id of the device it is the same as, and whose events go on.</param>
/// <inheritdoc cref="Because"/>
public sealed record MergeAsked(string Into, string? Reason = null);

public static class MergeDevices
{
    /// <summary>Nothing moves that is already kept: what is observed from now on goes to the surviving one, and readers of the other are told where.</summary>
    public static Change Decide(string tenant, string id, string into, string by, string reason, DateTimeOffset now, IReadOnlyDictionary<string, Device> known) => (known[id], known[into]) switch
    {
        _ when id == into => Refusal.Invalid("same-device", "A device cannot be merged into itself."),
        (_, { Card: null }) => DeviceRoutes.Unknown(into),
        ({ Standing.MergedInto: { } already }, _) when already == into => Change.Nothing,
        ({ Standing.MergedInto: { } already }, _) => Refusal.Conflict("merged-device", $"'{id}' is merged into '{already}' already; undo that first."),
        (_, { Standing.MergedInto: { } already }) => Refusal.Conflict("merged-device", $"'{into}' is merged into '{already}' itself; name that one."),
        _ => new(null,
            [(id, new DeviceEvent.Merged(into, by, reason, now)), (into, new DeviceEvent.Joined(id, by, reason, now))],
            [new LinkRow(tenant, id, into, Parted: false)], []),
    };

    /// <summary>What came in between stays where it is. From now on only a person merges these two again.</summary>
    public static Change Undo(string tenant, string id, string by, string reason, DateTimeOffset now, IReadOnlyDictionary<string, Device> known) => known[id].Standing.MergedInto is not { } from
        ? Change.Nothing
        : new(null,
            [(id, new DeviceEvent.Unmerged(from, by, reason, now)), (from, new DeviceEvent.Parted(id, by, reason, now))],
            [new LinkRow(tenant, id, from, Parted: true)], []);
}

public static class MergeRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{t}/devices/{id}/merge", (string t, [Description("The device that is another one.")] string id, MergeAsked asked, Caller caller, CancellationToken cancel) =>
            ActOnDevices.RunAsync(module, t, id, [asked.Into], asked.Reason, (known, _, now) => MergeDevices.Decide(t, id, asked.Into, caller.Id, asked.Reason!.Trim(), now, known), cancel))
            .Requires(Right.ManageDevices).Idempotent(module).Produces<StandingAnswer>()
            .WithName("MergeDevice").WithSummary("Two devices are one: what is observed of this one goes to the other from now on");

        app.MapPost("/api/v1/tenants/{t}/devices/{id}/merge/undo", async (string t, [Description("The device that was merged into another.")] string id, Because asked, Caller caller, CancellationToken cancel) =>
            await ActOnDevices.RunAsync(module, t, id, [await ActOnDevices.MergedIntoAsync(module, t, id, cancel)], asked.Reason, (known, _, now) => MergeDevices.Undo(t, id, caller.Id, asked.Reason!.Trim(), now, known), cancel))
            .Requires(Right.ManageDevices).Idempotent(module).Produces<StandingAnswer>()
            .WithName("UnmergeDevice").WithSummary("It is a device of its own all the same: what is observed of it goes to it again");
    }
}
