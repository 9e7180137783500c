namespace Fleet.EventStore;

/// <summary>What a session does with streams; names and meaning as in Marten.</summary>
public sealed class EventStoreOperations
{
    private readonly DocumentStore store;
    private readonly UnitOfWork work;
    private readonly string tenantId;

    internal EventStoreOperations(DocumentStore store, UnitOfWork work, string tenantId) =>
        (this.store, this.work, this.tenantId) = (store, work, tenantId);

    public void Append(string streamKey, params object[] events) => work.Append(tenantId, streamKey, events);

    public void Append(string streamKey, IEnumerable<object> events) => work.Append(tenantId, streamKey, events);

    /// <param name="expectedVersionAfter">The version the stream must have once these events are in it.</param>
    public void Append(string streamKey, long expectedVersionAfter, params object[] events) =>
        work.Append(tenantId, streamKey, events).Expect(expectedVersionAfter);

    /// <summary>Appends to a stream that must not exist yet.</summary>
    public void StartStream<TState>(string streamKey, params object[] events) where TState : class
    {
        _ = store.Types.StreamOf(typeof(TState));
        work.Append(tenantId, streamKey, events).MustBeNew = true;
    }

    public async Task<EventStream<TState>> FetchForWriting<TState>(string streamKey, CancellationToken ct = default) where TState : class
    {
        await using var connection = await store.Source.OpenConnectionAsync(ct);
        return (await store.FetchForWritingAsync<TState>(connection, work, [new RowKey(tenantId, streamKey)], ct))[0];
    }

    /// <exception cref="EventStreamUnexpectedMaxEventIdException">The stream is at another version.</exception>
    public async Task<EventStream<TState>> FetchForWriting<TState>(string streamKey, long expectedVersion, CancellationToken ct = default) where TState : class
    {
        var stream = await FetchForWriting<TState>(streamKey, ct);
        return stream.StartingVersion == expectedVersion
            ? stream
            : throw new EventStreamUnexpectedMaxEventIdException(tenantId, streamKey, expectedVersion, stream.StartingVersion);
    }

    /// <summary>The fold of a stream, up to a version or a time if given; null when there is no such stream (or nothing of it yet).</summary>
    public async Task<TState?> AggregateStreamAsync<TState>(
        string streamKey, long version = 0, DateTimeOffset? timestamp = null, CancellationToken ct = default) where TState : class
    {
        if (version == 0 && timestamp is null)
            return await FetchForWriting<TState>(streamKey, ct) is { StartingVersion: > 0 } stream ? stream.Aggregate : null;
        var type = store.Types.StreamOf(typeof(TState));
        var events = await FetchStreamAsync(streamKey, version, timestamp, ct: ct);
        return events.Count == 0 ? null : (TState)events.Aggregate(type.InitialState, (state, e) => Snapshots.Apply(type, state, e));
    }

    /// <param name="version">Up to and including; 0 for all.</param>
    /// <param name="timestamp">Appended at or before.</param>
    /// <param name="fromVersion">From and including.</param>
    public async Task<IReadOnlyList<IEvent>> FetchStreamAsync(
        string streamKey, long version = 0, DateTimeOffset? timestamp = null, long fromVersion = 0, CancellationToken ct = default)
    {
        await using var command = store.Source.CreateCommand($"""
            select {EventRows.Columns} from mt_events
            where tenant_id = $1 and stream_id = $2 and version between $3 and $4 and timestamp <= $5 order by version
            """);
        command.Parameters.Add(new() { Value = tenantId });
        command.Parameters.Add(new() { Value = streamKey });
        command.Parameters.Add(new() { Value = fromVersion });
        command.Parameters.Add(new() { Value = version == 0 ? long.MaxValue : version });
        command.Parameters.Add(new() { Value = timestamp?.UtcDateTime ?? DateTime.MaxValue, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        return await EventRows.ReadAsync(command, store.Types, ct);
    }

    public async Task<StreamState?> FetchStreamStateAsync(string streamKey, CancellationToken ct = default)
    {
        await using var command = store.Source.CreateCommand(
            "select version, type, timestamp, created, coalesce(is_archived, false) from mt_streams where tenant_id = $1 and id = $2");
        command.Parameters.Add(new() { Value = tenantId });
        command.Parameters.Add(new() { Value = streamKey });
        await using var row = await command.ExecuteReaderAsync(ct);
        return !await row.ReadAsync(ct) ? null : new StreamState(
            streamKey, tenantId, row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1),
            row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4));
    }

    /// <summary>Closes a stream: it can be read, and takes no more events.</summary>
    public void ArchiveStream(string streamKey) => work.Archive(tenantId, streamKey);
}
