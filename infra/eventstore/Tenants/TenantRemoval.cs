using Npgsql;

namespace Fleet.EventStore;

// append lock -> nothing changed since the export -> everything deleted, the departure written -> commit
/// <summary>Takes a tenant out of a store, when what is in it is what was exported. One transaction; nothing of the tenant can be appended after it.</summary>
public sealed class TenantRemoval : IAsyncDisposable
{
    private readonly DocumentStore store;
    private readonly string tenant;

    private TenantRemoval(DocumentStore store, string tenant, BatchSession session) => (this.store, this.tenant, Session) = (store, tenant, session);

    /// <summary>The transaction, for what only the service can remove.</summary>
    public BatchSession Session { get; }

    /// <exception cref="InvalidOperationException">A view is being built anew, or something has not seen the tenant's last event yet: try again in a moment.</exception>
    public static async Task<TenantRemoval> OpenAsync(DocumentStore store, string tenant, CancellationToken ct = default)
    {
        var session = store.BatchSession();
        await session.BeginAsync(ct);
        await TenantReader.ExecuteAsync(session.Connection, "set local timezone to 'UTC'; set local extra_float_digits to 1", ct);
        await LockAsync(store, session.Connection, ct);
        // A page under way holds only events beyond its reader's checkpoint: past the tenant's last one, no row of it can be written any more.
        return await TenantReader.IsSettledAsync(store, session.Connection, tenant, ct)
            ? new(store, tenant, session)
            : throw new InvalidOperationException($"{store.Options.Schema}: views or announcements have not seen all of {tenant} yet");
    }

    /// <summary>What is here now, by section; compare it with the export before anything is removed.</summary>
    public async Task<IReadOnlyList<SectionHash>> HashAsync(CancellationToken ct = default)
    {
        var hashes = new List<SectionHash>();
        foreach (var section in await TenantSections.OfAsync(Session.Connection, ct))
        {
            using var hash = new ContentHash();
            await using var command = new NpgsqlCommand(TenantSections.Select(section), Session.Connection) { Parameters = { new() { Value = tenant } } };
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct)) hash.Add(row.GetString(0));
            hashes.Add(new(section, hash.Rows, hash.End()));
        }
        return hashes;
    }

    /// <summary>Removes all of it and writes the departure; the caller commits with <see cref="CommitAsync"/>.</summary>
    public async Task RemoveAsync(Departure departure, CancellationToken ct = default)
    {
        var connection = Session.Connection;
        foreach (var view in store.Tables.Keys) await TenantReader.ExecuteAsync(connection, $"delete from {view} where tenant_id = $1", ct, tenant);
        foreach (var section in (await TenantSections.OfAsync(connection, ct)).OrderBy(section => section == TenantSections.Streams)) // events refer to streams
            await TenantReader.ExecuteAsync(connection, TenantSections.Delete(section), ct, tenant);
        await TenantReader.ExecuteAsync(connection, "delete from fleet_snapshot where tenant_id = $1", ct, tenant);
        await TenantReader.ExecuteAsync(connection, "delete from fleet_arrival where tenant_id = $1", ct, tenant);
        await Departures.WriteAsync(connection, departure, ct);
    }

    public Task CommitAsync(CancellationToken ct = default) => Session.SaveChangesAsync(ct);

    /// <summary>No append and no build of a view goes on beside it.</summary>
    internal static async Task LockAsync(DocumentStore store, NpgsqlConnection connection, CancellationToken ct)
    {
        foreach (var view in store.Tables.Keys)
        {
            await using var attempt = new NpgsqlCommand("select pg_try_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = Names.Lock(store.Options.Schema, $"rebuild/{view}") } } };
            if (!(bool)(await attempt.ExecuteScalarAsync(ct))!)
                throw new InvalidOperationException($"{store.Options.Schema}.{view} is being built anew: try again when it is done");
        }
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = store.AppendLock } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();
}
