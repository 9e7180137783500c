using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Gate;
using Microsoft.AspNetCore.Http;

namespace Fleet.Telemetry.Devices;

/// <summary>What a person says with a change of devices.</summary>
/// <param name="Reason">Why; 1 to 500 characters. It stays in the device's history.</param>
public sealed record Because(string? Reason = null)
{
    private const int Longest = 500;

    public static Refusal? Refuses(string? reason) => reason?.Trim() is { Length: > 0 and <= Longest }
        ? null
        : Refusal.Invalid("reason", $"Say why, in 1 to {Longest} characters: it stays in the device's history.");
}

/// <summary>What a device is in the fleet after somebody changed it.</summary>
/// <param name="MergedInto">The device whose events go on for it; null: it stands for itself.</param>
/// <param name="Joined">Devices merged into it.</param>
/// <param name="SplitFrom">The device it was told from.</param>
/// <param name="SplitInto">The new device, in the answer to a split.</param>
/// <param name="RetiredAt">Null while it is in use.</param>
public sealed record StandingAnswer(
    string Id, string? MergedInto, IReadOnlyList<string> Joined, string? SplitFrom, string? SplitInto, DateTimeOffset? RetiredAt, IReadOnlyList<DeviceConflict> Conflicts)
{
    public static StandingAnswer Of(string id, Standing s, string? splitInto = null) => new(id, s.MergedInto, s.Joined, s.SplitFrom, splitInto, s.RetiredAt, s.Conflicts);
}

/// <summary>What a person changes, as decided on the devices named: events by device, links and names to write.</summary>
public sealed record Change(Refusal? Refusal, IReadOnlyList<(string Id, DeviceEvent Event)> Events, IReadOnlyList<LinkRow> Links, IReadOnlyList<NameRow> Names, string? SplitInto = null)
{
    public static Change Nothing => new(null, [], [], []);

    public static implicit operator Change(Refusal refusal) => new(refusal, [], [], []);

    public static Change Of(params (string, DeviceEvent)[] events) => new(null, events, [], []);
}

/// <summary>Load, decide, append, save, answer: what all changes by a person share. A gate that wrote meanwhile makes it decide again.</summary>
internal static class ActOnDevices
{
    public delegate Change Decide(IReadOnlyDictionary<string, Device> known, DeviceIndex index, DateTimeOffset now);

    /// <param name="id">The one that is answered for; 404 when the tenant has none.</param>
    public static async Task<IResult> RunAsync(ModuleContext module, string tenant, string id, string?[] others, string? reason, Decide decide, CancellationToken cancel)
    {
        if (Because.Refuses(reason) is { } silent)
            return silent.ToResult();
        for (var attempt = 1; ; attempt++)
            try
            {
                return await TryAsync(module, tenant, id, [id, .. others.OfType<string>().Where(other => other != id).Distinct()], decide, cancel);
            }
            catch (ConcurrencyException) when (attempt < 5)
            {
                // The gate was faster: look again at what is true now.
            }
            catch (ConcurrencyException)
            {
                return Refusal.Conflict("busy", "The device is being heard at this very moment, again and again; try again.").ToResult();
            }
    }

    public static async Task<string?> MergedIntoAsync(ModuleContext module, string tenant, string id, CancellationToken cancel) => (await StandingAsync(module, tenant, id, cancel)).MergedInto;

    public static async Task<string?> SplitFromAsync(ModuleContext module, string tenant, string id, CancellationToken cancel) => (await StandingAsync(module, tenant, id, cancel)).SplitFrom;

    private static async Task<Standing> StandingAsync(ModuleContext module, string tenant, string id, CancellationToken cancel)
    {
        await using var session = module.Store.LightweightSession(tenant);
        return (await session.Events.FetchForWriting<Device>(Device.StreamKey(id), cancel)).Aggregate.Standing;
    }

    private static async Task<IResult> TryAsync(ModuleContext module, string tenant, string id, string[] ids, Decide decide, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        var names = await LoadAsync(session, tenant, ids, cancel);
        var streams = (await session.FetchForWriting<Device>([.. ids.Select(one => (tenant, Device.StreamKey(one)))], cancel)).Zip(ids).ToDictionary(s => s.Second, s => s.First);
        if (streams[id].Aggregate.Card is null)
            return DeviceRoutes.Unknown(id).ToResult();
        var change = decide(streams.ToDictionary(s => s.Key, s => s.Value.Aggregate), names, module.Clock.GetUtcNow());
        if (change.Refusal is { } refusal)
            return refusal.ToResult();
        foreach (var (device, e) in change.Events)
            if (streams.TryGetValue(device, out var stream))
                stream.AppendOne(e);
            else
                session.Append(tenant, Device.StreamKey(device), e);
        await DeviceNames.LinkAsync(session, change.Links, cancel);
        await DeviceNames.TakeAsync(session, change.Names, cancel);
        if (change.Events.Count > 0)
            await session.SaveChangesAsync(cancel);
        var after = change.Events.Where(e => e.Id == id).Select(e => e.Event).Aggregate(streams[id].Aggregate, Device.Evolve);
        return Results.Ok(StandingAnswer.Of(id, after.Standing, change.SplitInto));
    }

    private static async Task<DeviceIndex> LoadAsync(BatchSession session, string tenant, string[] ids, CancellationToken cancel)
    {
        await session.BeginAsync(cancel);
        return await DeviceNames.LoadAsync(session, [], [.. ids.Select(one => new Named(tenant, one))], cancel);
    }
}
