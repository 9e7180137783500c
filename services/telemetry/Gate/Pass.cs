using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Silence;

namespace Fleet.Telemetry.Gate;

// batches in order + Known -> Decide -> appends, presences, counts: pure, and the whole of what the gate thinks
/// <summary>The gate's decision over one transaction's worth of batches; a later batch is decided on what an earlier one made true.</summary>
public static class Pass
{
    // An agent's clock may be a little fast. Beyond this nobody can say whether a consent stood.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    public static Passed Decide(IEnumerable<ReceivedBatch> batches, Known known, DateTimeOffset now)
    {
        var passed = new Passed(known.Names);
        foreach (var batch in batches)
            Accept(batch, known, now, passed);
        return passed;
    }

    private static void Accept(ReceivedBatch batch, Known known, DateTimeOffset now, Passed passed)
    {
        var agent = new Named(batch.Tenant!, batch.AgentKey);
        var forged = CheckSeal.Decide(batch, known.Agents[agent]);
        if (forged == Refusals.UnknownKey && MayWait(batch, known))
        {
            passed.Held.Add(batch);
            return;
        }
        // What has not even the form of a signed batch is named for that.
        var refusal = (forged == Refusals.Unsigned ? batch.Refused : null) ?? forged ?? KeepSequence.Refusal(batch, known.Agents[agent]);
        var notKept = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var kept = new bool[batch.Events.Count];
        var writes = new BatchWrites(batch, refusal is null ? batch.Seal : null);
        for (var leaf = 0; refusal is null && leaf < kept.Length; leaf++)
            if (RefusalOf(batch.Events[leaf], batch.Tenant!, known.Consents, now) is { } reason)
                notKept[reason] = notKept.GetValueOrDefault(reason) + 1;
            else
            {
                kept[leaf] = true;
                if (batch.Events[leaf].Data is not AgentHealth)
                    AcceptDeviceEvent(batch, leaf, known, now, writes, passed);
            }

        IReadOnlyList<AgentEvent> said = forged is not null
            ? KeepSequence.Forged(batch, refusal!, now)
            : [.. HearAgent.Decide(known.Agents[agent], now), .. KeepSequence.Decide(batch, refusal, notKept, known.Agents[agent], now)];
        writes.Add(agent, Agent.StreamKey(agent.Id), said);
        for (var leaf = 0; leaf < kept.Length; leaf++)
            if (kept[leaf] && batch.Events[leaf] is { Data: AgentHealth report } e)
                writes.Add(agent, Agent.StreamKey(agent.Id), ReportHealth.Decide(report, e.Time), leaf, e.Id);
        // What is decided again is not worth the work.
        if (passed.IsWhole)
            writes.Seal(kept);
        known.Agents[agent] = said.Aggregate(known.Agents[agent], Agent.Evolve);
        passed.Append(writes);
        passed.Count(refusal, batch.Events.Count, notKept);
    }

    // Its agent may have been let in a moment ago.
    private static bool MayWait(ReceivedBatch batch, Known known)
    {
        var site = new Named(batch.Tenant!, batch.Site);
        if (batch is { Refused: not null } || !known.Room.TryGetValue(site, out var room) || !room.Takes(batch))
            return false;
        known.Room[site] = room.After(batch);
        return true;
    }

    private static string? RefusalOf(ReceivedEvent e, string tenant, ConsentsAsOf consents, DateTimeOffset now) =>
        e.Invalid ? Refusals.InvalidValue
        : e.Time > now + Ahead ? Refusals.ClockAhead
        : CoverEvent.Decide(e.Data, consents.Dates(e.Time), consents.Of[tenant]);

    private static void AcceptDeviceEvent(ReceivedBatch batch, int leaf, Known known, DateTimeOffset now, BatchWrites writes, Passed passed)
    {
        var e = batch.Events[leaf];
        var called = DeviceEvents.RefOf(e.Data)!;
        var identified = DeviceIdentity.Decide(batch.Tenant!, batch.Site, called, e.Time, known.Names);
        known.Names.Note(batch.Tenant!, identified, e.Time);
        var name = new Named(batch.Tenant!, identified.Id);
        var (device, presence) = (Of(name, known, passed), known.Presences.GetValueOrDefault(name, Presence.Never));
        var key = Device.StreamKey(name.Id);

        var registered = DeviceEvents.Register(batch.Site, e.Data, e.Time, device);
        device = registered.Aggregate(device, Device.Evolve);
        var dated = known.Consents.Dates(e.Time);
        DateTimeOffset? judged = dated == e.Time ? null : dated;
        writes.Add(name, key, registered, leaf, judged: judged);
        known.Devices[name] = device;
        foreach (var (id, said) in TellFindings.Decide(batch.Site, called, e.Time, identified, id => Of(name with { Id = id }, known, passed)))
        {
            var other = name with { Id = id };
            known.Devices[other] = Device.Evolve(Of(other, known, passed), said);
            writes.Add(other, Device.StreamKey(id), [said], leaf);
        }
        var woken = HearDevice.Decide(e.Data, e.Time, known.Devices[name]);
        writes.Add(name, key, woken, leaf);
        device = woken.Aggregate(known.Devices[name], Device.Evolve);

        if (e.Data is MeterRead && ReadMeter.IsLate(e.Time, device.Meters) && !known.Histories.ContainsKey(name))
        {
            passed.LackingHistories.Add(name);
            return;     // all of it is decided again
        }

        // One edge event that makes one stored event gives it its own id: the same fact from the device's site to the last proof.
        // Of a reading the id is its own, whatever is said with it.
        var decided = DeviceEvents.Decide(batch, e, now, device, presence, known.Histories.GetValueOrDefault(name));
        foreach (var one in decided)
            writes.Add(name, key, [one], leaf, decided.Count == 1 || one is DeviceEvent.MeterRead ? e.Id : null, judged);
        if (known.Histories.TryGetValue(name, out var history))
            known.Histories[name] = history.With(decided.Select(one => (e.Id, (object)one)));

        known.Devices[name] = decided.Aggregate(device, Device.Evolve);
        var noted = DeviceEvents.Note(e.Data, e.Time, presence);
        if (noted != presence)
            known.Presences[name] = passed.Presences[name] = noted;
    }

    // Decided on as if it were new; the whole pass is decided again once it is loaded.
    private static Device Of(Named name, Known known, Passed passed)
    {
        if (known.Devices.TryGetValue(name, out var device))
            return device;
        passed.Lacking.Add(name);
        return known.Devices[name] = Device.Unknown;
    }
}
