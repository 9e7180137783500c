using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

// keys -> ClaimAsync -> FetchForWriting -> decide -> Append -> SaveChangesAsync: one transaction over many tenants
/// <summary>The bus's unit of work: claims, side rows and appends live and die together.</summary>
public sealed class BatchSession : IAsyncDisposable
{
    private readonly DocumentStore store;
    private readonly UnitOfWork work;
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;

    internal BatchSession(DocumentStore store) => (this.store, work) = (store, new UnitOfWork(store.Types));

    public string? CorrelationId { get => work.CorrelationId; set => work.CorrelationId = value; }
    public string? CausationId { get => work.CausationId; set => work.CausationId = value; }
    public void SetHeader(string key, string value) => work.SetHeader(key, value);

    /// <summary>For the service's own rows in the same transaction; open once <see cref="BeginAsync"/> or any read ran.</summary>
    public NpgsqlConnection Connection => connection ?? throw new InvalidOperationException("Call BeginAsync first");

    /// <inheritdoc cref="Connection"/>
    public NpgsqlTransaction Transaction => transaction ?? throw new InvalidOperationException("Call BeginAsync first");

    public async Task BeginAsync(CancellationToken ct = default)
    {
        if (transaction is not null) return;
        connection ??= await store.Source.OpenConnectionAsync(ct);
        transaction = await connection.BeginTransactionAsync(ct);
    }

    /// <summary>
    /// The keys nobody claimed before. A claim holds if this transaction commits and is forgotten if it does not;
    /// a concurrent claimer of the same key waits until that is known.
    /// </summary>
    public async Task<IReadOnlySet<string>> ClaimAsync(string source, IReadOnlyCollection<string> keys, CancellationToken ct = default)
    {
        await BeginAsync(ct);
        // Sorted, so that two batches with common keys wait for each other and never in a circle.
        var sorted = keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        await using var command = new NpgsqlCommand("""
            insert into fleet_claim (source, key, claimed_at) select $1, key, $3 from unnest($2) as k (key)
            on conflict do nothing returning key
            """, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = source },
                Appender.Values(NpgsqlDbType.Varchar, sorted, key => key),
                new NpgsqlParameter<DateTimeOffset> { TypedValue = store.Options.Clock.GetUtcNow().ToUniversalTime() },
            },
        };
        var claimed = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) claimed.Add(reader.GetString(0));
        return claimed;
    }

    /// <summary>The streams in the order asked for, in one round trip.</summary>
    public async Task<IReadOnlyList<EventStream<TState>>> FetchForWriting<TState>(
        IReadOnlyCollection<(string TenantId, string Key)> streams, CancellationToken ct = default) where TState : class
    {
        await BeginAsync(ct);
        return await store.FetchForWritingAsync<TState>(Connection, work, [.. streams.Select(s => new RowKey(s.TenantId, s.Key))], ct);
    }

    /// <summary>Events of some stored names, by stream and in order of version: for the rare decision that a stream's state does not suffice for.</summary>
    public async Task<ILookup<(string TenantId, string Key), IEvent>> FetchEventsAsync(
        IReadOnlyCollection<(string TenantId, string Key)> streams, IReadOnlyCollection<string> names, CancellationToken ct = default)
    {
        await BeginAsync(ct);
        await using var command = new NpgsqlCommand($"""
            select e.* from unnest($1, $2) as k (tenant_id, stream_id) cross join lateral (
                select {EventRows.Columns} from mt_events e
                where e.tenant_id = k.tenant_id and e.stream_id = k.stream_id and e.type = any ($3) order by e.version
            ) e
            """, connection)
        {
            Parameters =
            {
                Appender.Values(NpgsqlDbType.Varchar, streams, s => s.TenantId),
                Appender.Values(NpgsqlDbType.Varchar, streams, s => s.Key),
                Appender.Values(NpgsqlDbType.Varchar, names, name => name),
            },
        };
        return (await EventRows.ReadAsync(command, store.Types, ct)).ToLookup(e => (e.TenantId, e.StreamKey));
    }

    public void Append(string tenantId, string streamKey, params object[] events) => work.Append(tenantId, streamKey, events);

    /// <summary>Commits claims, side rows and appends. After an exception the session is spent: dispose it and start anew.</summary>
    /// <exception cref="ConcurrencyException">A fetched stream moved.</exception>
    public async Task SaveChangesAsync(CancellationToken ct = default)
    {
        await BeginAsync(ct);
        await store.SaveAsync(Connection, Transaction, work, ct);
        work.Clear();
        await transaction!.DisposeAsync();
        transaction = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null) await transaction.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
    }
}
