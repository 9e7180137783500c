namespace Fleet.Identity.Enrolments;

/// <summary>
/// How fast each waiting agent may ask (RFC 8628 §3.5): every 5 s, and 5 s more for each time it asked too soon. Known to this process only: who asks several replicas in turn is not seen, and gains nothing by it.
/// </summary>
/// <param name="capacity">Agents remembered at most; past it the one that asked longest ago is forgotten.</param>
public sealed class PollPace(TimeProvider clock, int capacity = 10_000)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(5), Longer = TimeSpan.FromSeconds(5);

    // Who waits as told may still be a little early here: the way to us took longer last time.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (TimeSpan Interval, DateTimeOffset Last)> _waiting = [];

    /// <summary>Notes a question; true when it came too soon.</summary>
    public bool IsTooFast(string who)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var known = _waiting.TryGetValue(who, out var before);
            var soon = known && now - before.Last < before.Interval - Tolerance;
            if (!known && _waiting.Count >= capacity)
                _waiting.Remove(_waiting.MinBy(one => one.Value.Last).Key);
            _waiting[who] = ((known ? before.Interval : First) + (soon ? Longer : TimeSpan.Zero), now);
            return soon;
        }
    }

    public void Forget(string who)
    {
        lock (_gate)
            _waiting.Remove(who);
    }
}
