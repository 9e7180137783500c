namespace Fleet.EventStore;

/// <summary>How long a shard leads.</summary>
/// <param name="Ending">Take no further page: the daemon stops, or the leadership is lost.</param>
/// <param name="Over">Drop the page under way: the leadership is lost, or the daemon has waited long enough for it.</param>
internal readonly record struct Tenure(CancellationToken Ending, CancellationToken Over);
