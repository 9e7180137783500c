using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>
/// Folded states beside their streams. A snapshot is never newer than its stream; it is older when somebody who does not
/// know of snapshots (Marten, a blind append) wrote last, and then the missing events are folded on top.
/// </summary>
internal sealed class Snapshots(EventTypes types, JsonSerializerOptions json)
{
    /// <summary>Folds and serialises the next snapshots, before the lock.</summary>
    public void Prepare(IReadOnlyCollection<PendingStream> streams)
    {
        foreach (var stream in streams)
            if (stream is { Type.Snapshot: true, Seen: { } seen })
                stream.Snapshot = JsonSerializer.SerializeToUtf8Bytes(stream.Fold(seen.State), json.GetTypeInfo(stream.Type.StateType));
    }

    /// <summary>Writes every snapshot whose stream was still where the unit of work had seen it.</summary>
    public IEnumerable<NpgsqlBatchCommand> Write(IReadOnlyCollection<PendingStream> streams)
    {
        var current = streams.Where(s => s.Snapshot is not null && s.Seen!.Value.Version == s.Version - s.Events.Count).ToLookup(s => s.Seen!.Value.Stored);
        // Rows that exist are updated: "on conflict do update" would lock, and log, each of them first.
        if (current[true].Any())
            yield return Command(current[true], """
                update fleet_snapshot s set version = i.version, state = i.state from unnest($1, $2, $3, $4, $5, $6) as i (tenant_id, id, type, fold, version, state)
                where s.tenant_id = i.tenant_id and s.id = i.id and s.type = i.type and s.fold = i.fold
                """);
        if (current[false].Any())
            yield return Command(current[false], """
                insert into fleet_snapshot as s (tenant_id, id, type, fold, version, state) select * from unnest($1, $2, $3, $4, $5, $6)
                on conflict (tenant_id, id, type) do update set fold = excluded.fold, version = excluded.version, state = excluded.state
                """);
    }

    private NpgsqlBatchCommand Command(IEnumerable<PendingStream> streams, string sql)
    {
        var rows = streams.ToArray();
        return new NpgsqlBatchCommand(sql)
        {
            Parameters =
            {
                Appender.Values(NpgsqlDbType.Varchar, rows, s => s.TenantId),
                Appender.Values(NpgsqlDbType.Varchar, rows, s => s.Key),
                Appender.Values(NpgsqlDbType.Varchar, rows, s => s.Type.Alias),
                Appender.Values(NpgsqlDbType.Varchar, rows, s => Fold(s.Type)),
                Appender.Values(NpgsqlDbType.Bigint, rows, s => s.Version),
                Appender.Values(NpgsqlDbType.Jsonb, rows, s => s.Snapshot),
            },
        };
    }

    /// <summary>State and version of each stream that exists, in one round trip and as of one moment.</summary>
    public async Task<Dictionary<RowKey, SeenState>> FetchAsync(
        NpgsqlConnection connection, IStreamType type, IReadOnlyCollection<RowKey> streams, CancellationToken ct)
    {
        var found = new Dictionary<RowKey, SeenState>(streams.Count);
        await using var command = new NpgsqlCommand($"""
            with wanted as materialized (
                select i.tenant_id, i.id, s.version, s.state from unnest($1, $2) as i (tenant_id, id)
                left join fleet_snapshot s on s.tenant_id = i.tenant_id and s.id = i.id and s.type = $3 and s.fold = $4
            )
            select null::bigint, null::uuid, id as stream_id, version, state, null, null::timestamptz, tenant_id, null, null, null::jsonb
            from wanted where version is not null
            union all
            select e.* from wanted w cross join lateral (
                select {EventRows.Columns} from mt_events e
                where e.tenant_id = w.tenant_id and e.stream_id = w.id and e.version > coalesce(w.version, 0) order by e.version
            ) e
            order by tenant_id, stream_id, version
            """, connection)
        {
            Parameters =
            {
                Appender.Values(NpgsqlDbType.Varchar, streams, s => s.TenantId),
                Appender.Values(NpgsqlDbType.Varchar, streams, s => s.Key),
                new NpgsqlParameter<string> { TypedValue = type.Alias },
                new NpgsqlParameter<string> { TypedValue = type.Snapshot ? Fold(type) : "" },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var key = new RowKey(reader.GetString(7), reader.GetString(2));
            var before = found.TryGetValue(key, out var known) ? known : new SeenState(type.InitialState, 0, Stored: false);
            found[key] = reader.IsDBNull(0)
                ? new SeenState(State(reader, type), reader.GetInt64(3), Stored: true)
                : before with { State = Apply(type, before.State, EventRows.Read(reader, types)), Version = reader.GetInt64(3) };
        }
        return found;
    }

    /// <summary>Events of other stream types in the stream are no part of this state.</summary>
    public static object Apply(IStreamType type, object state, IEvent e) =>
        type.EventTypes.ContainsKey(e.EventTypeName) ? type.Apply(state, e.Data) : state;

    private object State(NpgsqlDataReader row, IStreamType type) =>
        JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(4), json.GetTypeInfo(type.StateType)) ?? type.InitialState;

    // A state with other members must not be read from an old snapshot, even if nobody thought of raising SnapshotVersion.
    private string Fold(IStreamType type) => folds.GetOrAdd(type, t => $"{t.SnapshotVersion}/{Shape(t.StateType)}");

    private readonly System.Collections.Concurrent.ConcurrentDictionary<IStreamType, string> folds = [];

    private string Shape(Type state)
    {
        var members = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<Type>();
        Walk(state);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', members))))[..12];

        void Walk(Type type)
        {
            foreach (var argument in type.GenericTypeArguments) Walk(argument);
            if (type.GetElementType() is { } element) Walk(element);
            if (!seen.Add(type)) return;
            var info = json.GetTypeInfo(type);
            if (info.Kind != JsonTypeInfoKind.Object) return;
            foreach (var property in info.Properties)
            {
                members.Add($"{type.FullName}.{property.Name}: {property.PropertyType}");
                Walk(property.PropertyType);
            }
        }
    }
}
