using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

// one snapshot -> streams, events, claims, the service's rows; and the hash of each view
/// <summary>All a store has of a tenant, as of one moment at which every view and announcement had seen its last event. Reads line by line; holds nothing.</summary>
public sealed class TenantReader : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly DocumentStore store;
    private readonly string tenant;

    private TenantReader(DocumentStore store, string tenant, NpgsqlConnection connection) => (this.store, this.tenant, Connection) = (store, tenant, connection);

    /// <summary>In the transaction that reads, for what only the service can read.</summary>
    public NpgsqlConnection Connection { get; }

    /// <param name="patience">How long views and announcements may take to catch up.</param>
    /// <exception cref="TimeoutException">They did not.</exception>
    public static async Task<TenantReader> OpenAsync(DocumentStore store, string tenant, TimeSpan patience, CancellationToken ct = default)
    {
        var began = store.Options.Clock.GetTimestamp();
        while (true)
        {
            var connection = await store.Source.OpenConnectionAsync(ct);
            try
            {
                await ExecuteAsync(connection, "begin transaction isolation level repeatable read, read only; set local timezone to 'UTC'; set local extra_float_digits to 1", ct);
                if (await IsSettledAsync(store, connection, tenant, ct)) return new(store, tenant, connection);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
            await connection.DisposeAsync();
            if (store.Options.Clock.GetElapsedTime(began) > patience)
                throw new TimeoutException($"{store.Options.Schema}: views or announcements have not caught up with {tenant} within {patience.TotalSeconds:0} s");
            await Task.Delay(Pause, store.Options.Clock, ct);
        }
    }

    public Task<IReadOnlyList<string>> SectionsAsync(CancellationToken ct = default) => TenantSections.OfAsync(Connection, ct);

    public async IAsyncEnumerable<string> LinesAsync(string section, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await using var command = new NpgsqlCommand(TenantSections.Select(section), Connection) { Parameters = { new() { Value = tenant } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) yield return row.GetString(0);
    }

    public Task<IReadOnlyList<ViewHash>> HashViewsAsync(CancellationToken ct = default) => HashViewsAsync(store, Connection, tenant, ct);

    /// <exception cref="InvalidOperationException">A table is another version's: this program is older or newer than the running one.</exception>
    internal static async Task<IReadOnlyList<ViewHash>> HashViewsAsync(DocumentStore store, NpgsqlConnection connection, string tenant, CancellationToken ct)
    {
        var hashes = new List<ViewHash>();
        foreach (var (name, table) in store.Tables.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            var current = await Checkpoints.ViewAsync(connection, table.View, ct);
            if (current.Version != table.View.Version || current.Shape != table.Shape)
                throw new InvalidOperationException($"{store.Options.Schema}.{name} is at version {current.Version}, this program at {table.View.Version}: start the services of this version first");
            using var hash = new ContentHash();
            await using var command = new NpgsqlCommand($"""select (to_jsonb(v) - 'tenant_id')::text from {name} v where tenant_id = $1 order by key collate "C" """, connection) { Parameters = { new() { Value = tenant } } };
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct)) hash.Add(row.GetString(0));
            hashes.Add(new(name, current.Version, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(current.Shape)))[..12], hash.Rows, hash.End()));
        }
        return hashes;
    }

    /// <summary>Whether every view and subscription of the store is past the tenant's last event.</summary>
    internal static async Task<bool> IsSettledAsync(DocumentStore store, NpgsqlConnection connection, string tenant, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select not exists (
                select from mt_event_progression p
                where p.last_seq_id < (select coalesce(max(seq_id), 0) from mt_events where tenant_id = $1)
                  and (p.name = any ($2) or exists (select from fleet_view v where v.name = any ($3) and p.name in ('fleet-view/' || v.name || '/' || v.generation, 'fleet-inline/' || v.name || '/' || v.version))))
            """, connection)
        {
            Parameters =
            {
                new() { Value = tenant },
                Appender.Values(NpgsqlDbType.Varchar, store.Options.Subscriptions, Names.Checkpoint),
                Appender.Values(NpgsqlDbType.Varchar, [.. store.Tables.Keys], name => name),
            },
        };
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params string[] texts)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var text in texts) command.Parameters.Add(new() { Value = text });
        await command.ExecuteNonQueryAsync(ct);
    }

    // The connection goes back to its pool, which ends the transaction.
    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
