namespace Fleet.Identity.OAuth;

/// <summary>
/// Slows down who guesses secrets: after a few wrong ones in a row a client id waits, twice as long after each further one, up to a minute; a right
/// secret forgets them. It holds for the client id whoever asks, so a stranger can delay a client by a minute, never longer; and it is
/// known to this process only.
/// </summary>
/// <param name="capacity">Client ids remembered at most; beyond it the one that failed longest ago is forgotten.</param>
/// <param name="free">Wrong ones before the first wait.</param>
/// <param name="longest">The longest wait, a minute when left out; who has not failed for fifteen times as long is forgotten.</param>
public sealed class LockOut(TimeProvider clock, int capacity = 10_000, int free = LockOut.Free, TimeSpan? longest = null)
{
    public const int Free = 5;

    private readonly TimeSpan _longest = longest ?? TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Failures>> _byClient = [];
    private readonly LinkedList<Failures> _oldestFirst = new();

    private sealed record Failures(string ClientId, int Count, DateTimeOffset Last, DateTimeOffset Until);

    public int Remembered
    {
        get
        {
            lock (_gate)
                return _byClient.Count;
        }
    }

    /// <summary>How long this client id still has to wait; null when it may try.</summary>
    public TimeSpan? Wait(string clientId)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            return _byClient.TryGetValue(clientId, out var node) && node.Value.Until > now ? node.Value.Until - now : null;
    }

    public void Failed(string clientId)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var count = _byClient.TryGetValue(clientId, out var known) && now - known.Value.Last < 15 * _longest ? known.Value.Count + 1 : 1;
            Remove(clientId);
            while (_byClient.Count >= capacity)
                Remove(_oldestFirst.First!.Value.ClientId);
            _byClient[clientId] = _oldestFirst.AddLast(new Failures(clientId, count, now, now + Pause(count)));
        }
    }

    public void Succeeded(string clientId)
    {
        lock (_gate)
            Remove(clientId);
    }

    // 1 s after the fifth wrong secret, 2 s after the sixth, …
    private TimeSpan Pause(int failures) =>
        failures < free ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(_longest.TotalSeconds, Math.Pow(2, failures - free)));

    private void Remove(string clientId)
    {
        if (_byClient.Remove(clientId, out var node))
            _oldestFirst.Remove(node);
    }
}
