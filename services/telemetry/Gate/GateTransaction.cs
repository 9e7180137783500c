using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Held;
using Fleet.Telemetry.Meters;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Telemetry.Gate;

// batches -> lock agents -> claim -> load consents, agents, devices -> ask what consents stand now -> Pass.Decide -> append -> commit -> count
public sealed class GateTransaction(ModuleContext module)
{
    private const string ClaimSource = "edge";
    private readonly ILogger _log = module.Logs.CreateLogger<GateTransaction>();

    public async Task RunAsync(IReadOnlyList<ReceivedBatch> arrived, AskConsents ask, CancellationToken cancel)
    {
        var received = await OfThisRegionAsync(arrived, cancel);
        var owned = received.Where(b => b.Tenant is not null).ToList();
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await LockAgentsAsync(session, owned.Select(b => $"{b.Tenant}/{b.AgentKey}"), cancel);
        var fresh = await FreshAsync(session, owned, cancel);
        var passed = await DecideAsync(session, fresh, ask, cancel);
        GateMeter.Count(received, owned.Count - fresh.Count, passed);
        foreach (var stranger in received.Where(b => b.Tenant is null))
            _log.LogWarning("Refused a batch of {Size} bytes ({Sha256}): {Reason}", stranger.Size, stranger.Sha256, stranger.Refused);
    }

    /// <summary>The key is known now: what waited for it is decided on like any other.</summary>
    public async Task ReleaseAsync(string tenant, string site, string agent, string keyId, AskConsents ask, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        // Who is still being held by somebody who had not heard of the key is there once this lock is had.
        await LockAgentsAsync(session, [$"{tenant}/{site}/{agent}"], cancel);
        var waited = await HeldBatches.TakeAsync(session, tenant, site, agent, keyId, cancel);
        if (waited.Count == 0)
            return;
        var received = await OfThisRegionAsync([.. waited.Select(ReadBatch.Read)], cancel);
        GateMeter.Count(received, duplicates: 0, await DecideAsync(session, [.. received.Where(b => b.Tenant is not null)], ask, cancel));
        _log.LogInformation("The key {Key} of {Agent} at {Tenant} is known: {Count} batches had waited for it", keyId, agent, tenant, waited.Count);
    }

    private async Task<Passed> DecideAsync(BatchSession session, List<ReceivedBatch> fresh, AskConsents ask, CancellationToken cancel)
    {
        var loaded = await LoadAsync(session, fresh, ask, cancel);
        var now = module.Clock.GetUtcNow();
        var passed = Pass.Decide(fresh, loaded.Known.Anew(), now);
        while (!passed.IsWhole)
        {
            await LoadAsync(session, loaded, [.. passed.Lacking], cancel);
            await LoadHistoriesAsync(session, loaded.Known, passed.LackingHistories, cancel);
            passed = Pass.Decide(fresh, loaded.Known.Anew(), now);
        }

        var began = module.Clock.GetTimestamp();
        await SaveAsync(session, loaded, passed, now, cancel);
        GateMeter.Appended(module.Clock.GetElapsedTime(began));
        return passed;
    }

    // Whose batch is another region's has no name from here on: there is no stream it could be written to.
    private async Task<IReadOnlyList<ReceivedBatch>> OfThisRegionAsync(IReadOnlyList<ReceivedBatch> arrived, CancellationToken cancel)
    {
        var tenants = arrived.Select(b => b.Tenant).OfType<string>().Distinct().ToList();
        var left = (await module.Store.Departures.AmongAsync(tenants, cancel)).Where(d => d.LeftAt is not null).Select(d => d.TenantId).ToHashSet();
        var foreign = tenants.Where(t => left.Contains(t) || module.Regions.ElsewhereOf(t) is not null).ToHashSet();
        return foreign.Count == 0 ? arrived
            : [.. arrived.Select(b => b.Tenant is { } tenant && foreign.Contains(tenant) ? b with { Tenant = null, Events = [], Refused = Refusals.OtherRegion } : b)];
    }

    // Both lanes write an agent's stream. Taking turns is cheaper than losing a whole transaction to a conflict.
    private static async Task LockAgentsAsync(BatchSession session, IEnumerable<string> agents, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            select pg_advisory_xact_lock(hashtext('telemetry gate'), h)
            from (select distinct hashtext(agent) as h from unnest($1) as agent order by h) as agents
            """, session.Connection, session.Transaction)
        { Parameters = { new() { Value = agents.Distinct().ToArray() } } };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<List<ReceivedBatch>> FreshAsync(BatchSession session, List<ReceivedBatch> batches, CancellationToken cancel)
    {
        var claimed = (await session.ClaimAsync(ClaimSource, [.. batches.Select(b => b.ClaimKey)], cancel)).ToHashSet();
        return [.. batches.Where(b => claimed.Remove(b.ClaimKey))];
    }

    private static async Task<Loaded> LoadAsync(BatchSession session, List<ReceivedBatch> fresh, AskConsents ask, CancellationToken cancel)
    {
        var needs = Needs.Of(fresh);
        var consents = await session.FetchForWriting<Consent>([.. needs.Tenants.Select(t => (t, Consent.StreamKey(t)))], cancel);
        var agents = await session.FetchForWriting<Agent>([.. needs.Agents.Select(a => (a.TenantId, Agent.StreamKey(a.Id)))], cancel);
        var agentOf = needs.Agents.Zip(agents).ToDictionary(a => a.First, a => a.Second.Aggregate);
        var strangers = fresh.Where(b => b.Seal is { } seal && !agentOf[new(b.Tenant!, b.AgentKey)].Knows(seal.KeyId)).Select(b => new Named(b.Tenant!, b.Site)).ToHashSet();
        var known = new Known
        {
            Consents = await ask.NowAsync(consents.ToDictionary(s => s.TenantId, s => s.Aggregate), cancel),
            Agents = agentOf,
            Devices = [],
            Presences = [],
            Names = await DeviceNames.LoadAsync(session, needs.Names, needs.Fresh, cancel),
            Room = strangers.Count == 0 ? [] : await HeldBatches.RoomAsync(session, strangers, cancel),
        };
        var loaded = new Loaded(known, agents.ToDictionary(s => (s.TenantId, s.Key)), []);
        await LoadAsync(session, loaded, needs.DevicesIn(known.Names), cancel);
        return loaded;
    }

    private static async Task LoadAsync(BatchSession session, Loaded loaded, IReadOnlyList<Named> devices, CancellationToken cancel)
    {
        var streams = await session.FetchForWriting<Device>([.. devices.Select(d => (d.TenantId, Device.StreamKey(d.Id)))], cancel);
        foreach (var (name, stream) in devices.Zip(streams))
            (loaded.Known.Devices[name], loaded.Devices[(stream.TenantId, stream.Key)]) = (stream.Aggregate, stream);
        foreach (var (name, presence) in await Presences.LoadAsync(session, devices, cancel))
            loaded.Known.Presences[name] = presence;
    }

    // Read after the streams' versions were: what another transaction adds meanwhile moves the stream, and this append is refused and decided anew.
    private static async Task LoadHistoriesAsync(BatchSession session, Known known, IReadOnlyCollection<Named> devices, CancellationToken cancel)
    {
        if (devices.Count == 0)
            return;
        var events = await session.FetchEventsAsync([.. devices.Select(d => (d.TenantId, Device.StreamKey(d.Id)))], MeterHistory.EventTypes, cancel);
        foreach (var device in devices)
            known.Histories[device] = MeterHistory.Of(events[(device.TenantId, Device.StreamKey(device.Id))]);
    }

    private static async Task SaveAsync(BatchSession session, Loaded loaded, Passed passed, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var (stream, events) in passed.Appends)
            if (loaded.Agents.TryGetValue(stream, out var agent))
                agent.AppendMany(events);
            else
                loaded.Devices[stream].AppendMany(events);
        await DeviceNames.SaveAsync(session, passed.Names, cancel);
        if (passed.Presences.Count > 0)
            await Presences.SaveAsync(session, passed.Presences, cancel);
        if (passed.Held.Count > 0)
            await HeldBatches.AddAsync(session, passed.Held, now, cancel);
        await session.SaveChangesAsync(cancel);
    }

    private sealed record Loaded(
        Known Known,
        Dictionary<(string, string), EventStream<Agent>> Agents,
        Dictionary<(string, string), EventStream<Device>> Devices);
}
