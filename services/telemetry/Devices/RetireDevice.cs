// POST /api/v1/tenants/{t}/devices/{id}/retire, …/return, …/conflicts/settle -> Decide -> stream device/{id}
using System.ComponentModel;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Devices;

/// <summary>Nothing is deleted: a retired device keeps all that is known of it, and when it speaks it is back.</summary>
public static class RetireDevice
{
    public static Change Decide(string id, Device device, string by, string reason, DateTimeOffset now) =>
        device.Standing.RetiredAt is null ? Change.Of((id, new DeviceEvent.Retired(by, reason, now))) : Change.Nothing;

    public static Change Return(string id, Device device, string by, string reason, DateTimeOffset now) =>
        device.Standing.RetiredAt is null ? Change.Nothing : Change.Of((id, new DeviceEvent.Returned(by, reason, now)));

    /// <summary>Looked at, and left as it is. Two that are one are merged instead.</summary>
    public static Change Settle(string id, Device device, string by, string reason, DateTimeOffset now) =>
        Change.Of([.. device.Standing.Conflicts.Select(c => (id, (DeviceEvent)new DeviceEvent.ConflictSettled(c.Kind, c.With, by, reason, now)))]);
}

public static class RetireRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{t}/devices/{id}/retire", (string t, [Description("The device.")] string id, Because asked, Caller caller, CancellationToken cancel) =>
            ActOnDevices.RunAsync(module, t, id, [], asked.Reason, (known, _, now) => RetireDevice.Decide(id, known[id], caller.Id, asked.Reason!.Trim(), now), cancel))
            .Requires(Right.ManageDevices).Idempotent(module).Produces<StandingAnswer>()
            .WithName("RetireDevice").WithSummary("It is out of use: not in the list, never called silent; when it speaks it is back");

        app.MapPost("/api/v1/tenants/{t}/devices/{id}/return", (string t, [Description("The device.")] string id, Because asked, Caller caller, CancellationToken cancel) =>
            ActOnDevices.RunAsync(module, t, id, [], asked.Reason, (known, _, now) => RetireDevice.Return(id, known[id], caller.Id, asked.Reason!.Trim(), now), cancel))
            .Requires(Right.ManageDevices).Idempotent(module).Produces<StandingAnswer>()
            .WithName("ReturnDevice").WithSummary("A retired device is in use again");

        app.MapPost("/api/v1/tenants/{t}/devices/{id}/conflicts/settle", (string t, [Description("The device.")] string id, Because asked, Caller caller, CancellationToken cancel) =>
            ActOnDevices.RunAsync(module, t, id, [], asked.Reason, (known, _, now) => RetireDevice.Settle(id, known[id], caller.Id, asked.Reason!.Trim(), now), cancel))
            .Requires(Right.ManageDevices).Idempotent(module).Produces<StandingAnswer>()
            .WithName("SettleDeviceConflicts").WithSummary("The device's conflicts were looked at, and it stays as it is");
    }
}
