using Npgsql;

namespace Fleet.EventStore;

/// <summary>Which build of a view's table is current, and how far it is.</summary>
internal sealed record ViewCheckpoint(int Version, string Shape, long Generation, long Position);

/// <summary>Rows of <c>mt_event_progression</c> that belong to views and subscriptions of Fleet.</summary>
internal static class Checkpoints
{
    public static async Task<ViewCheckpoint> ViewAsync(NpgsqlConnection connection, IView view, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select v.version, v.shape, v.generation, p.last_seq_id from fleet_view v
            join mt_event_progression p on p.name in ('fleet-view/' || v.name || '/' || v.generation, 'fleet-inline/' || v.name || '/' || v.version)
            where v.name = $1
            """, connection) { Parameters = { new() { Value = view.Name } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct)) throw new InvalidOperationException($"View {view.Name} has no table yet: apply the store's schema first");
        return new ViewCheckpoint(row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));
    }

    public static async Task<long> PositionAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select last_seq_id from mt_event_progression where name = $1", connection) { Parameters = { new() { Value = name } } };
        return (long)(await command.ExecuteScalarAsync(ct) ?? throw new InvalidOperationException($"No checkpoint {name}: apply the store's schema first"));
    }

    /// <summary>
    /// Moves a checkpoint only from where the mover believes it to be: false means that somebody else leads now, and nothing may be written.
    /// First statement of the transaction, so that it also waits for a swap under way.
    /// </summary>
    public static async Task<bool> MoveAsync(NpgsqlConnection connection, string name, long from, long to, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "update mt_event_progression set last_seq_id = $3, last_updated = now() where name = $1 and last_seq_id = $2", connection)
        {
            Parameters = { new() { Value = name }, new() { Value = from }, new() { Value = to } },
        };
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>The furthest checkpoint of a daemon: once reached, it was safe.</summary>
    public static async Task<long> HighestAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(last_seq_id), 0) from mt_event_progression where name like 'fleet-view/%' or name like 'fleet-subscription/%'", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    public static async Task<IReadOnlyList<ShardState>> AllAsync(DocumentStore store, CancellationToken ct)
    {
        await using var command = store.Source.CreateCommand("""
            select s.name, coalesce((select min(seq_from) - 1 from fleet_gap g where g.name = p.name), p.last_seq_id), (select coalesce(max(seq_id), 0) from mt_events), f.message, f.seq_id, f.failed_at
            from (select name, array['fleet-view/' || name || '/' || generation, 'fleet-inline/' || name || '/' || version] as checkpoints
                  from fleet_view where name = any ($1)
                  union all select name, array['fleet-subscription/' || name] from unnest($2) as u (name)) s
            join mt_event_progression p on p.name = any (s.checkpoints)
            left join fleet_failure f on f.name = case when p.name like 'fleet-inline/%' then 'inline' else s.name end
            order by s.name
            """);
        command.Parameters.Add(new() { Value = store.Tables.Keys.ToArray() });
        command.Parameters.Add(new() { Value = store.Options.Subscriptions.Select(s => s.Name).ToArray() });
        var states = new List<ShardState>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            states.Add(new ShardState(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetInt64(4), row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5)));
        return states;
    }
}
