using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>One service's event store: sessions write streams, the daemon folds them into views, query sessions read the views.</summary>
public sealed class DocumentStore : IAsyncDisposable
{
    private readonly Appender appender;
    private readonly Dictionary<Type, ViewTable> byRow = [];

    public DocumentStore(StoreOptions options, ILoggerFactory? log = null)
    {
        Options = options;
        Log = log ?? NullLoggerFactory.Instance;
        Names.Checked(options.Schema);
        Types = new EventTypes(options.Streams, options.Json);
        Snapshots = new Snapshots(Types, options.Json);
        Tables = options.Views.ToDictionary(v => v.Name, v => new ViewTable(v, options.Json), StringComparer.Ordinal);
        InlineTables = [.. Tables.Values.Where(t => t.View.Lifecycle == ViewLifecycle.Inline)];
        foreach (var table in Tables.Values)
            if (!byRow.TryAdd(table.View.RowType, table)) throw new ArgumentException($"Two views have the row {table.View.RowType}");

        // Unqualified names in SQL, also in the service's own, mean this store's schema.
        var owner = new NpgsqlConnectionStringBuilder(options.Connection) { SearchPath = options.Schema };
        var reader = new NpgsqlConnectionStringBuilder(options.ReaderConnection) { SearchPath = options.Schema };
        ReaderRole = Names.CheckedRole(reader.Username ?? throw new ArgumentException("ReaderConnection names no user"));
        Source = Pool("owner", new(owner.ConnectionString) { MaxAutoPrepare = 50, AutoPrepareMinUsages = 3, WriteBufferSize = 32_768, ReadBufferSize = 32_768 });
        Reader = Pool("reader", reader);
        LeaderSource = Pool("leader", new(owner.ConnectionString) { Pooling = false, KeepAlive = 10 });
        AppendLock = Names.AppendLock(options.Schema);
        appender = new Appender(this);
        HighWater = new HighWater(this);
        Inline = new InlineViews(this);
        Storage = new StoreStorage(this);
        Departures = new Departures(this);
    }

    public StoreOptions Options { get; }
    public StoreStorage Storage { get; }

    /// <summary>Tenants that have left for another region.</summary>
    public Departures Departures { get; }

    internal ILoggerFactory Log { get; }
    internal EventTypes Types { get; }
    internal Snapshots Snapshots { get; }
    internal IReadOnlyDictionary<string, ViewTable> Tables { get; }
    internal IReadOnlyList<ViewTable> InlineTables { get; }
    internal InlineViews Inline { get; }
    internal NpgsqlDataSource Source { get; }
    internal NpgsqlDataSource Reader { get; }

    /// <summary>Connections that are never shared or reused: whoever holds one holds the session locks taken on it.</summary>
    internal NpgsqlDataSource LeaderSource { get; }

    internal string ReaderRole { get; }
    internal long AppendLock { get; }
    internal HighWater HighWater { get; }

    public EventSession LightweightSession(string tenantId) => new(this, tenantId);

    /// <summary>One transaction over many tenants, with claims against duplicates: for the bus.</summary>
    public BatchSession BatchSession() => new(this);

    public QuerySession QuerySession(params IReadOnlyCollection<string> tenantIds) => new(this, tenantIds);

    public ProjectionDaemon BuildProjectionDaemon() => new(this);

    /// <summary>The whole store in sequence order, after a position; up to where no event can come in before any more.</summary>
    /// <param name="tenantIds">Only events of these; null for all.</param>
    public async Task<IReadOnlyList<IEvent>> ReadAllAsync(
        long afterSequence, int limit, IReadOnlyCollection<string>? tenantIds = null, CancellationToken ct = default)
    {
        if (HighWater.Mark - limit < afterSequence) await HighWater.StepAsync(ct);
        await using var command = Source.CreateCommand($"""
            select {EventRows.Columns} from mt_events
            where seq_id > $1 and seq_id <= $2{(tenantIds is null ? "" : " and tenant_id = any ($4)")} order by seq_id limit $3
            """);
        command.Parameters.Add(new() { Value = afterSequence });
        command.Parameters.Add(new() { Value = HighWater.Mark });
        command.Parameters.Add(new() { Value = limit });
        if (tenantIds is not null) command.Parameters.Add(Appender.Values(NpgsqlDbType.Varchar, tenantIds, t => t));
        return await EventRows.ReadAsync(command, Types, ct);
    }

    /// <summary>The position below which no event can come in any more, by a look at the database now.</summary>
    public async Task<long> HighWaterMarkAsync(CancellationToken ct = default)
    {
        await HighWater.StepAsync(ct);
        return HighWater.Mark;
    }

    /// <summary>Returns the high-water mark once it is beyond a position. The daemon of this process moves it.</summary>
    public Task<long> WaitBeyondAsync(long position, CancellationToken ct = default) => HighWater.WaitBeyondAsync(position, ct);

    /// <summary>Where every view and subscription stands, from the database: also those another process leads.</summary>
    public Task<IReadOnlyList<ShardState>> AllProgressAsync(CancellationToken ct = default) => Checkpoints.AllAsync(this, ct);

    /// <summary>The state after some more events, by the stream type's fold; nothing is read or written.</summary>
    public TState Fold<TState>(TState state, IEnumerable<object> events) where TState : class
    {
        var type = Types.StreamOf(typeof(TState));
        return (TState)events.Aggregate((object)state, type.Apply);
    }

    // Unnamed, a pool is shown in metrics and traces by its connection string.
    private NpgsqlDataSource Pool(string use, NpgsqlConnectionStringBuilder connection) =>
        new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = $"{Options.Schema}-{use}" }.Build();

    internal ViewTable TableOf(Type row) =>
        byRow.TryGetValue(row, out var table) ? table : throw new ArgumentException($"No view of this store has the row {row}");

    internal string WithTables(string sql)
    {
        if (!sql.Contains('{', StringComparison.Ordinal)) return sql;
        foreach (var name in Tables.Keys) sql = sql.Replace($"{{{name}}}", name, StringComparison.Ordinal);
        return Tables.Count == 1 ? sql.Replace("{table}", Tables.Keys.Single(), StringComparison.Ordinal) : sql;
    }

    internal async Task SaveAsync(UnitOfWork work, CancellationToken ct)
    {
        await using var connection = await Source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await SaveAsync(connection, transaction, work, ct);
    }

    internal async Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, UnitOfWork work, CancellationToken ct)
    {
        var now = Options.Clock.GetUtcNow().ToUniversalTime();
        work.Prepare(now);
        await SeeSnapshotsAsync(connection, work, ct);
        Snapshots.Prepare(work.Streams);
        try
        {
            await appender.WriteAsync(connection, work, now, ct);
        }
        catch (PostgresException e) when (e is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "pk_mt_events_stream_and_version" })
        {
            // A writer that does not take the append lock was faster.
            var first = work.Events[0].Stream;
            throw new EventStreamUnexpectedMaxEventIdException(first.TenantId, first.Key, first.Version - first.Events.Count, -1, e);
        }
        await transaction.CommitAsync(ct);
        if (work.Events.Count == 0) return;
        StoreTelemetry.Appended.Add(work.Events.Count, new KeyValuePair<string, object?>("store", Options.Schema));
        HighWater.Nudge();
    }

    // Blind appends to streams that keep snapshots: their state is read before the lock, and used only if still true under it.
    private async Task SeeSnapshotsAsync(NpgsqlConnection connection, UnitOfWork work, CancellationToken ct)
    {
        foreach (var unseen in work.Streams.Where(s => s.Type.Snapshot && s.Seen is null).GroupBy(s => s.Type).ToArray())
        {
            var found = await Snapshots.FetchAsync(connection, unseen.Key, [.. unseen.Select(s => new RowKey(s.TenantId, s.Key))], ct);
            foreach (var stream in unseen)
                stream.Seen = found.TryGetValue(new RowKey(stream.TenantId, stream.Key), out var seen) ? seen : new SeenState(unseen.Key.InitialState, 0, Stored: false);
        }
    }

    internal async Task<IReadOnlyList<EventStream<TState>>> FetchForWritingAsync<TState>(
        NpgsqlConnection connection, UnitOfWork work, IReadOnlyList<RowKey> streams, CancellationToken ct) where TState : class
    {
        var type = Types.StreamOf(typeof(TState));
        var found = await Snapshots.FetchAsync(connection, type, [.. streams.Distinct()], ct);
        return [.. streams.Select(key => found.TryGetValue(key, out var seen)
            ? new EventStream<TState>(work, key.TenantId, key.Key, seen)
            : new EventStream<TState>(work, key.TenantId, key.Key, new SeenState(type.InitialState, 0, Stored: false)))];
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Reader.DisposeAsync();
        await LeaderSource.DisposeAsync();
        HighWater.Dispose();
    }
}
