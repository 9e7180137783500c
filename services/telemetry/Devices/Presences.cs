using System.Text.Json;
using Fleet.EventStore;
using Fleet.Telemetry.Gate;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Telemetry.Devices;

/// <summary>The rows of <see cref="Presence"/>: read and written in the gate's transaction, read by the API as the reader role.</summary>
public static class Presences
{
    // The reader role's name is the installation's choice; row-level security holds for every role but the owner.
    public const string Table =
        """
        create table if not exists device_presence (
            tenant_id varchar not null,
            device_id varchar not null,
            seen_at timestamptz not null,
            described_at timestamptz not null,
            supplies_at timestamptz not null,
            status_at timestamptz not null,
            primary key (tenant_id, device_id)
        ) with (fillfactor = 70);
        alter table device_presence add column if not exists silent_at timestamptz;
        alter table device_presence enable row level security;
        do $$ begin
            if not exists (select from pg_policies where schemaname = current_schema() and tablename = 'device_presence') then
                create policy fleet_tenants on device_presence for select
                    using (tenant_id = any (string_to_array(current_setting('fleet.tenants', true), ',')));
            end if;
        end $$;
        grant select on device_presence to public
        """;

    public static async Task<Dictionary<Named, Presence>> LoadAsync(BatchSession session, IReadOnlyList<Named> devices, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            select tenant_id, device_id, seen_at, described_at, supplies_at, status_at
            from unnest($1, $2) as k (tenant_id, device_id) join device_presence using (tenant_id, device_id)
            """, session.Connection, session.Transaction)
        { Parameters = { Texts(devices.Select(d => d.TenantId)), Texts(devices.Select(d => d.Id)) } };
        var known = new Dictionary<Named, Presence>(devices.Count);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            known.Add(new(rows.GetString(0), rows.GetString(1)), new(Time(2), Time(3), Time(4), Time(5)));
        return known;

        DateTimeOffset Time(int column) => rows.GetFieldValue<DateTimeOffset>(column);
    }

    public static async Task SaveAsync(BatchSession session, IReadOnlyDictionary<Named, Presence> presences, CancellationToken cancel)
    {
        // Sorted, so that two transactions with common devices wait for each other and never in a circle.
        var rows = presences.OrderBy(p => p.Key.TenantId, StringComparer.Ordinal).ThenBy(p => p.Key.Id, StringComparer.Ordinal).ToList();
        await using var command = new NpgsqlCommand(
            """
            insert into device_presence as p (tenant_id, device_id, seen_at, described_at, supplies_at, status_at)
            select * from unnest($1, $2, $3, $4, $5, $6)
            on conflict (tenant_id, device_id) do update set
                seen_at = greatest(p.seen_at, excluded.seen_at), described_at = greatest(p.described_at, excluded.described_at),
                supplies_at = greatest(p.supplies_at, excluded.supplies_at), status_at = greatest(p.status_at, excluded.status_at)
            """, session.Connection, session.Transaction)
        {
            Parameters =
            {
                Texts(rows.Select(r => r.Key.TenantId)), Texts(rows.Select(r => r.Key.Id)),
                Times(rows.Select(r => r.Value.SeenAt)), Times(rows.Select(r => r.Value.DescribedAt)),
                Times(rows.Select(r => r.Value.SuppliesAt)), Times(rows.Select(r => r.Value.StatusAt)),
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Devices last seen before a time and not called silent since, the longest silent first.</summary>
    public static async Task<IReadOnlyList<(Named Device, DateTimeOffset SeenAt)>> LateAsync(BatchSession session, DateTimeOffset time, int limit, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            select tenant_id, device_id, seen_at from device_presence
            where seen_at < $1 and seen_at > '-infinity' and (silent_at is null or seen_at > silent_at) order by seen_at limit $2 for update skip locked
            """, session.Connection, session.Transaction)
        { Parameters = { new() { Value = time.ToUniversalTime() }, new() { Value = limit } } };
        var late = new List<(Named, DateTimeOffset)>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            late.Add((new(row.GetString(0), row.GetString(1)), row.GetFieldValue<DateTimeOffset>(2)));
        return late;
    }

    public static async Task CalledAsync(BatchSession session, IReadOnlyList<Named> devices, DateTimeOffset at, CancellationToken cancel)
    {
        if (devices.Count == 0)
            return;
        await using var command = new NpgsqlCommand(
            "update device_presence p set silent_at = $3 from unnest($1, $2) as d (tenant_id, device_id) where p.tenant_id = d.tenant_id and p.device_id = d.device_id",
            session.Connection, session.Transaction)
        { Parameters = { Texts(devices.Select(d => d.TenantId)), Texts(devices.Select(d => d.Id)), new() { Value = at.ToUniversalTime() } } };
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Device → when it was last seen; only for devices of the session's tenants that were.</summary>
    public static async Task<IReadOnlyDictionary<string, DateTimeOffset>> LastSeenAsync(
        QuerySession session, string tenant, IEnumerable<string> devices, CancellationToken cancel)
    {
        var json = await session.ScalarAsync<string>(
            """
            select jsonb_object_agg(device_id, to_json(seen_at at time zone 'UTC') #>> '{}' || 'Z')::text from device_presence
            where tenant_id = @tenant and device_id = any (@ids) and seen_at > '-infinity'
            """,
            new { tenant, ids = devices.ToArray() }, cancel);
        return json is null ? new Dictionary<string, DateTimeOffset>() : JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(json)!;
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    private static NpgsqlParameter Times(IEnumerable<DateTimeOffset> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
