using System.Collections.Concurrent;

namespace Fleet.Faults.Tests;

/// <summary>
/// What was attempted, what the broker acknowledged, and what was found at the other end. Accepted means kept: everything acknowledged is
/// observed, nothing is observed twice, and nothing is observed that nobody sent.
/// </summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<Guid, byte> _attempted = new(), _acknowledged = new();

    public int Attempted => _attempted.Count;
    public int Acknowledged => _acknowledged.Count;

    public void Attempt(Guid id) => _attempted.TryAdd(id, 0);

    public void Acknowledge(Guid id) => _acknowledged.TryAdd(id, 0);

    public Balance Against(IReadOnlyCollection<Guid> observed)
    {
        var once = observed.ToHashSet();
        return new(
            Lost: _acknowledged.Keys.Count(id => !once.Contains(id)),
            Doubled: observed.Count - once.Count,
            Invented: once.Count(id => !_attempted.ContainsKey(id)));
    }
}

internal sealed record Balance(int Lost, int Doubled, int Invented)
{
    public static readonly Balance Even = new(0, 0, 0);
}
