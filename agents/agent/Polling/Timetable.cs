namespace Fleet.Agent.Polling;

/// <summary>
/// Who is looked at next. A device has one place in it, whatever happens: a timer, a task and what wakes it for each of ten thousand devices would be more memory than all else the agent keeps.
/// For one caller at a time.
/// </summary>
internal sealed class Timetable
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);      // between a visit and one that is called for: jams come in storms
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(10);     // first visits: a hundred devices a second, not all at once

    private readonly Dictionary<string, Followed> devices = [];      // by name
    private readonly PriorityQueue<Followed, DateTimeOffset> turns = new();       // some are no longer true: Followed.Due is

    public int Count => devices.Count;

    /// <summary>When somebody is due; null when nobody waits for a turn.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            while (turns.TryPeek(out var device, out var due) && device.Due != due) turns.Dequeue();
            return turns.TryPeek(out _, out var next) ? next : null;
        }
    }

    public Pulse PulseOf(Target target) => devices.TryGetValue(target.Name, out var device) ? device.Pulse : default;

    public bool Has(Followed device) => devices.GetValueOrDefault(device.Target.Name) == device;

    /// <summary>From now on these.</summary>
    /// <returns>Who has left.</returns>
    public IReadOnlyList<Followed> Follow(IReadOnlyList<Target> targets, DateTimeOffset now)
    {
        var wanted = targets.DistinctBy(target => target.Name).ToDictionary(target => target.Name);
        var gone = devices.Values.Where(device => !wanted.ContainsKey(device.Target.Name)).ToList();
        foreach (var device in gone)
        {
            devices.Remove(device.Target.Name);
            device.Due = null;
        }
        foreach (var (target, place) in wanted.Values.Where(target => !devices.ContainsKey(target.Name)).Select((target, place) => (target, place)).ToList())
        {
            devices.Add(target.Name, new(target));
            Turn(devices[target.Name], now + (Apart * place));
        }
        return gone;
    }

    /// <summary>Takes the next device that is due; null when none is.</summary>
    public Followed? Take(DateTimeOffset now)
    {
        if (Next is not { } due || due > now) return null;
        var device = turns.Dequeue();
        (device.Due, device.Rests, device.HasCalled) = (null, null, false);
        return device;
    }

    public void Turn(Followed device, DateTimeOffset due)
    {
        device.Due = due;
        turns.Enqueue(device, due);
    }

    /// <summary>Whoever rests at an address is due as soon as it may be. False when none does, or has called before.</summary>
    public bool Call(string address, DateTimeOffset now)
    {
        if (devices.Values.FirstOrDefault(one => one.Target.Address == address && one is { Rests: not null, HasCalled: false }) is not { Rests: { } since, Agenda: { } agenda } device) return false;
        device.HasCalled = true;
        // However often a device calls, it is let wait ten seconds; one that is due sooner has its status looked at then.
        var soonest = since + Least > now ? since + Least : now;
        if (agenda.Status > soonest) device.Agenda = agenda with { Status = soonest };
        if (device.Due > soonest) Turn(device, soonest);
        return true;
    }
}
