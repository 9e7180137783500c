using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

// lines -> a temporary table -> checked -> append lock -> streams, events with new numbers, rows -> all views folded -> the caller compares, and commits
/// <summary>
/// Brings a tenant into a store, in one transaction that nobody sees before its end. The append lock is held only from <see cref="ApplyAsync"/> on, when all lines are here. Disposed of without
/// <see cref="CommitAsync"/>, or killed, it has left nothing.
/// </summary>
public sealed class TenantWriter : IAsyncDisposable
{
    private const int PageSize = 5_000;

    private readonly DocumentStore store;
    private readonly string tenant;
    private long lines;

    private TenantWriter(DocumentStore store, string tenant, BatchSession session) => (this.store, this.tenant, Session) = (store, tenant, session);

    /// <summary>The transaction, for what only the service can write; appends go in at the end, as news of this region.</summary>
    public BatchSession Session { get; }

    private NpgsqlConnection Connection => Session.Connection;

    public static async Task<TenantWriter> OpenAsync(DocumentStore store, string tenant, CancellationToken ct = default)
    {
        var session = store.BatchSession();
        await session.BeginAsync(ct);
        await TenantReader.ExecuteAsync(session.Connection, """
            set local timezone to 'UTC';
            create temp table fleet_arriving (n bigint primary key, section varchar not null, line jsonb not null) on commit drop
            """, ct);
        return new(store, tenant, session);
    }

    /// <summary>The export the tenant came here by, if it did.</summary>
    public Task<string?> ArrivedByAsync(CancellationToken ct = default) => Arrivals.ExportOfAsync(Connection, tenant, ct);

    public async Task<bool> IsEmptyAsync(CancellationToken ct = default)
    {
        await using var command = new NpgsqlCommand("select not exists (select from mt_streams where tenant_id = $1)", Connection) { Parameters = { new() { Value = tenant } } };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Takes a section's lines in, as they are.</summary>
    /// <returns>How many, and their hash.</returns>
    /// <exception cref="InvalidDataException">A line is no JSON.</exception>
    public async Task<SectionHash> StageAsync(string section, IAsyncEnumerable<string> rows, CancellationToken ct = default)
    {
        try
        {
            return await CopyAsync(section, rows, ct);
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("22", StringComparison.Ordinal)) // data exceptions
        {
            throw new InvalidDataException($"{store.Options.Schema}/{section} has a row that is none: {e.MessageText}", e);
        }
    }

    private async Task<SectionHash> CopyAsync(string section, IAsyncEnumerable<string> rows, CancellationToken ct)
    {
        using var hash = new ContentHash();
        await using var copy = await Connection.BeginBinaryImportAsync("copy fleet_arriving (n, section, line) from stdin (format binary)", ct);
        await foreach (var line in rows.WithCancellation(ct))
        {
            hash.Add(line);
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(++lines, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(section, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(line, NpgsqlDbType.Jsonb, ct);
        }
        await copy.CompleteAsync(ct);
        return new(section, hash.Rows, hash.End());
    }

    /// <summary>Checks what was taken in, writes it, and folds every view over it; from here on no other append of the store goes on.</summary>
    /// <param name="sections">All of the store's, in the order they were exported.</param>
    /// <param name="export">Hash of the export it is.</param>
    /// <exception cref="InvalidDataException">A version is missing or twice, or an event has no stream.</exception>
    /// <exception cref="InvalidOperationException">The tables are not those of the export.</exception>
    public async Task ApplyAsync(IReadOnlyList<string> sections, string export, CancellationToken ct = default)
    {
        var own = await TenantSections.OfAsync(Connection, ct);
        if (sections.Except(own).FirstOrDefault() is { } strange)
            throw new InvalidOperationException($"{store.Options.Schema} has no table for the section '{strange}': the export is of another version of Fleet");
        await TenantReader.ExecuteAsync(Connection, "analyze fleet_arriving", ct);
        await CheckVersionsAsync(ct);
        await TenantRemoval.LockAsync(store, Connection, ct);
        await Departures.ForgetAsync(Connection, tenant, ct);
        foreach (var section in sections) await TenantReader.ExecuteAsync(Connection, TenantSections.Insert(section), ct, tenant, section);
        await TenantReader.ExecuteAsync(Connection, """
            insert into fleet_arrival (tenant_id, seq_from, seq_to, export)
            select $1, coalesce(min(seq_id), 0), coalesce(max(seq_id), 0), $2 from mt_events where tenant_id = $1
            """, ct, tenant, export);
        await FoldAsync(ct);
    }

    public Task<IReadOnlyList<ViewHash>> HashViewsAsync(CancellationToken ct = default) => TenantReader.HashViewsAsync(store, Connection, tenant, ct);

    /// <summary>Everything of this store is there from now on.</summary>
    public Task CommitAsync(CancellationToken ct = default) => Session.SaveChangesAsync(ct);

    private async Task CheckVersionsAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select coalesce(s.id, e.id) from
                (select line ->> 0 as id, (line ->> 2)::bigint as version from fleet_arriving where section = 'streams') s
                full join (select line ->> 1 as id, count(*) as n, count(distinct (line ->> 2)::bigint) as versions, min((line ->> 2)::bigint) as first, max((line ->> 2)::bigint) as last
                           from fleet_arriving where section = 'events' group by 1) e on e.id = s.id
            where s.id is null or coalesce(e.n, 0) <> s.version or coalesce(e.versions, 0) <> s.version or (e.n > 0 and (e.first <> 1 or e.last <> s.version)) limit 1
            """, Connection);
        if (await command.ExecuteScalarAsync(ct) is string stream)
            throw new InvalidDataException($"{store.Options.Schema}: the versions of stream {stream} are not 1, 2, 3 … up to its own");
    }

    private async Task FoldAsync(CancellationToken ct)
    {
        var asynchronous = store.Tables.Values.Where(table => table.View.Lifecycle == ViewLifecycle.Async).Select(table => new RowFold(table, table.View.Name)).ToArray();
        var after = 0L;
        while (await PageAsync(after, ct) is { Count: > 0 } page)
        {
            await using var batch = new NpgsqlBatch(Connection);
            foreach (var fold in asynchronous)
                foreach (var command in await fold.FoldAsync(Connection, page, ct)) batch.BatchCommands.Add(command);
            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
            if (store.InlineTables.Count > 0) await store.Inline.FoldAsync(Connection, page, ct);
            after = page[^1].Sequence;
        }
    }

    private async Task<List<IEvent>> PageAsync(long after, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select {EventRows.Columns} from mt_events where tenant_id = $1 and seq_id > $2 order by seq_id limit {PageSize}", Connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = after } },
        };
        return await EventRows.ReadAsync(command, store.Types, ct);
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
