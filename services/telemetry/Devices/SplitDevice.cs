// POST /api/v1/tenants/{t}/devices/{id}/split, …/split/undo -> Decide -> streams device/{id} of both, device_name -> the gate
using System.ComponentModel;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Devices;

/// <summary>One of MAC and address.</summary>
/// <param name="Mac">What is observed with this MAC is another device from now on.</param>
/// <param name="Address">What is observed at this address is.</param>
/// <inheritdoc cref="Because"/>
public sealed record SplitAsked(string? Mac = null, string? Address = null, string? Reason = null);

public static class SplitDevice
{
    public static Change Decide(string tenant, string id, SplitAsked asked, string by, DateTimeOffset now, IReadOnlyDictionary<string, Device> known, DeviceIndex index)
    {
        var (kind, text) = asked switch
        {
            { Mac: { Length: > 0 } mac, Address: null } => (DeviceName.MacKind, mac),
            { Address: { Length: > 0 } address, Mac: null } => (DeviceName.AddressKind, address),
            _ => ("", ""),
        };
        if (kind.Length == 0)
            return Refusal.Invalid("split-by", "Name either a 'mac' or an 'address' of the device: what is observed under it becomes the other one.");
        if (known[id].Standing.MergedInto is { } elsewhere)
            return Refusal.Conflict("merged-device", $"'{id}' is merged into '{elsewhere}'; undo that first.");
        if (index.Of(tenant, id).FirstOrDefault(row => DeviceName.KindOf(row.Name) == kind && row.Name.EndsWith($"/{DeviceName.Plain(text)}", StringComparison.Ordinal)) is not { } name)
            return Refusal.Conflict("not-its-name", $"'{id}' is not known by the {kind} '{text}'; what it was seen with is in its history.");
        var own = index.Of(tenant, id).FirstOrDefault(row => DeviceName.KindOf(row.Name) == DeviceName.SerialKind) is { } serial ? DeviceName.Claim(serial.Name, name.Name) : null;
        var into = DeviceIdentity.IdOfOwn(tenant, own ?? name.Name);
        if (into == id)
            return Refusal.Conflict("split-already", $"'{id}' is known by nothing else.");
        return new(null,
            [
                (id, new DeviceEvent.Split(into, kind, by, asked.Reason!.Trim(), now)),
                (into, new DeviceEvent.SplitOff(id, kind, known[id].Card!.SiteId, by, asked.Reason.Trim(), now)),
            ],
            [new(tenant, into, id, Parted: true), .. index.Follow(tenant, into) != into ? new[] { new LinkRow(tenant, into, index.Follow(tenant, into), Parted: true) } : []],
            [name with { DeviceId = into }, .. own is null ? Array.Empty<NameRow>() : [new(tenant, own, into, name.Since, name.LastAt)]], into);
    }
}

public static class SplitRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{t}/devices/{id}/split", (string t, [Description("The device that is two.")] string id, SplitAsked asked, Caller caller, CancellationToken cancel) =>
            ActOnDevices.RunAsync(module, t, id, [], asked.Reason, (known, index, now) => SplitDevice.Decide(t, id, asked, caller.Id, now, known, index), cancel))
            .Requires(Right.ManageDevices).Idempotent(module).Produces<StandingAnswer>()
            .WithName("SplitDevice").WithSummary("One device is two: what is observed under one of its names is a device of its own from now on");

        app.MapPost("/api/v1/tenants/{t}/devices/{id}/split/undo", async (string t, [Description("The device that was split off.")] string id, Because asked, Caller caller, CancellationToken cancel) =>
        {
            var from = await ActOnDevices.SplitFromAsync(module, t, id, cancel);
            return await ActOnDevices.RunAsync(module, t, id, [from], asked.Reason, (known, _, now) => from is null
                ? Refusal.Conflict("not-split", $"'{id}' was not split from another device.")
                : MergeDevices.Decide(t, id, from, caller.Id, asked.Reason!.Trim(), now, known), cancel);
        }).Requires(Right.ManageDevices).Idempotent(module).Produces<StandingAnswer>()
            .WithName("UndoSplit").WithSummary("It was one device all the same: the one split off is merged into the one it came from");
    }
}
