using System.Text.Json;

namespace Fleet.EventStore;

/// <summary>Everything a store is told; one store is one schema of one database of one service.</summary>
public sealed class StoreOptions
{
    /// <summary>PostgreSQL schema, e.g. <c>telemetry</c>. Letters, digits and underscores.</summary>
    public required string Schema { get; init; }

    /// <summary>Npgsql connection string of the role that owns the schema: appends, projects, migrates.</summary>
    public required string Connection { get; init; }

    /// <summary>
    /// Npgsql connection string of the role queries run as. It owns nothing and cannot bypass row-level security.
    /// </summary>
    public required string ReaderConnection { get; init; }

    public required TimeProvider Clock { get; init; }

    public IReadOnlyList<IStreamType> Streams { get; init; } = [];
    public IReadOnlyList<IView> Views { get; init; } = [];
    public IReadOnlyList<Subscription> Subscriptions { get; init; } = [];

    /// <summary>Further tables of the service (SQL run after the store's own, idempotent), e.g. counters or caches.</summary>
    public IReadOnlyList<string> ExtraSchema { get; init; } = [];

    /// <summary>How often the daemon looks for events that other processes appended; appends of this process wake it at once.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How long a missing sequence number holds the readers back before the transactions that could still fill it are looked at.
    /// A Marten client takes numbers a moment before its transaction; Fleet's own appends leave no holes.
    /// </summary>
    public TimeSpan GapGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a claimed message is known as a duplicate. The rule: longer than any sender can keep a message it got no confirm for. For Fleet that is an
    /// agent's spool: an agent unused for 90 days is disconnected (DESIGN.md §7), and what it sends after it was enrolled again must still be known for a
    /// while. Beyond it only a stream's own state tells a duplicate (an agent's batch number, a reading's id).
    /// </summary>
    public TimeSpan KeepClaimsFor { get; init; } = TimeSpan.FromDays(120);

    /// <summary>How many events a subscription is given at a time, at most. Views take more when they are far behind.</summary>
    public int PageSize { get; init; } = 1_000;

    /// <summary>How event data is written: camelCase, times ISO 8601, numbers as numbers. Pinned by golden files.</summary>
    public JsonSerializerOptions Json { get; init; } = new(JsonSerializerDefaults.Web);
}

/// <summary>
/// A reader of the committed sequence with its own checkpoint: the stream is the outbox. At least once: a page is handed over
/// again when the process died between the handler's end and the checkpoint.
/// </summary>
/// <param name="Name">Checkpoint name, unique in the store.</param>
/// <param name="Handle">
/// Called with a page of events in sequence order, never concurrently for one name, by one process at a time. Its token says that the leadership is over, or that
/// the daemon will not wait any longer: a handler that goes on nevertheless is not waited for, and may meet the next leader's.
/// </param>
public sealed record Subscription(string Name, Func<IReadOnlyList<IEvent>, CancellationToken, Task> Handle);
