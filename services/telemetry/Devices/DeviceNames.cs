using Fleet.EventStore;
using Fleet.Telemetry.Gate;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Telemetry.Devices;

/// <summary>The rows of <see cref="DeviceIndex"/>: read and written in the gate's transaction, in one round trip each whatever the number of devices.</summary>
public static class DeviceNames
{
    public const string Table =
        """
        create table if not exists device_name (
            tenant_id varchar not null,
            name varchar not null,
            device_id varchar not null,
            since timestamptz not null,
            last_at timestamptz not null,
            primary key (tenant_id, name)
        ) with (fillfactor = 80);
        create index if not exists device_name_device on device_name (tenant_id, device_id);
        create table if not exists device_link (
            tenant_id varchar not null,
            device_id varchar not null,
            into_id varchar not null,
            parted boolean not null default false,
            primary key (tenant_id, device_id, into_id)
        );
        create index if not exists device_link_into on device_link (tenant_id, into_id);
        alter table device_name enable row level security;
        alter table device_link enable row level security;
        do $$ begin
            if not exists (select from pg_policies where schemaname = current_schema() and tablename = 'device_name') then
                create policy fleet_tenants on device_name for select
                    using (tenant_id = any (string_to_array(current_setting('fleet.tenants', true), ',')));
            end if;
            if not exists (select from pg_policies where schemaname = current_schema() and tablename = 'device_link') then
                create policy fleet_tenants on device_link for select
                    using (tenant_id = any (string_to_array(current_setting('fleet.tenants', true), ',')));
            end if;
        end $$;
        grant select on device_name, device_link to public
        """;

    /// <param name="names">That observations call their devices by.</param>
    /// <param name="devices">Ids their devices would get if none of the names were known.</param>
    public static async Task<DeviceIndex> LoadAsync(BatchSession session, IReadOnlyList<Named> names, IReadOnlyList<Named> devices, CancellationToken cancel)
    {
        if (names.Count == 0 && devices.Count == 0)
            return new([], []);
        // All names of all devices that hold one of these, and of what those are merged into, and of what is merged into that.
        const string around =
            """
            with recursive up (tenant_id, device_id) as (
                (select n.tenant_id, n.device_id from unnest($1, $2) as k (tenant_id, name) join device_name n using (tenant_id, name)
                 union select * from unnest($3, $4))
                union
                select l.tenant_id, l.into_id from up join device_link l using (tenant_id, device_id) where not l.parted),
            around (tenant_id, device_id) as (
                select * from up
                union
                select l.tenant_id, l.device_id from around a join device_link l on l.tenant_id = a.tenant_id and l.into_id = a.device_id where not l.parted)
            """;
        await using var batch = new NpgsqlBatch(session.Connection, session.Transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"{around} select n.tenant_id, n.name, n.device_id, n.since, n.last_at from around join device_name n using (tenant_id, device_id)"),
                new NpgsqlBatchCommand($"{around} select l.tenant_id, l.device_id, l.into_id, l.parted from around join device_link l using (tenant_id, device_id)"),
            },
        };
        foreach (var command in batch.BatchCommands)
            foreach (var parameter in new[] { Texts(names.Select(n => n.TenantId)), Texts(names.Select(n => n.Id)), Texts(devices.Select(d => d.TenantId)), Texts(devices.Select(d => d.Id)) })
                command.Parameters.Add(parameter);
        var (rows, links) = (new List<NameRow>(), new List<LinkRow>());
        await using var row = await batch.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            rows.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4)));
        await row.NextResultAsync(cancel);
        while (await row.ReadAsync(cancel))
            links.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetBoolean(3)));
        return new(rows, links);
    }

    /// <exception cref="ConcurrencyException">Another transaction has learned one of these names meanwhile: what was decided without it does not count.</exception>
    public static async Task SaveAsync(BatchSession session, DeviceIndex index, CancellationToken cancel)
    {
        // Sorted, so that two transactions with common names wait for each other and never in a circle.
        var changes = index.Changes.OrderBy(c => c.Row.TenantId, StringComparer.Ordinal).ThenBy(c => c.Row.Name, StringComparer.Ordinal).ToLookup(c => c.IsNew, c => c.Row);
        await WriteAsync(session, [.. changes[true]],
            "insert into device_name (tenant_id, name, device_id, since, last_at) select * from unnest($1, $2, $3, $4, $5) on conflict do nothing", cancel);
        await WriteAsync(session, [.. changes[false]],
            """
            update device_name n set device_id = i.device_id, since = i.since, last_at = i.last_at
            from unnest($1, $2, $3, $4, $5) as i (tenant_id, name, device_id, since, last_at) where n.tenant_id = i.tenant_id and n.name = i.name
            """, cancel);
        await LinkAsync(session, [.. index.NewLinks], cancel);
    }

    /// <summary>A person says whose names these are, whatever was known.</summary>
    public static Task TakeAsync(BatchSession session, IReadOnlyList<NameRow> rows, CancellationToken cancel) => WriteAsync(session, [.. rows.OrderBy(r => r.Name, StringComparer.Ordinal)],
        """
        insert into device_name as n (tenant_id, name, device_id, since, last_at) select * from unnest($1, $2, $3, $4, $5)
        on conflict (tenant_id, name) do update set device_id = excluded.device_id
        """, cancel);

    public static async Task LinkAsync(BatchSession session, IReadOnlyList<LinkRow> links, CancellationToken cancel)
    {
        if (links.Count == 0)
            return;
        await using var command = new NpgsqlCommand(
            """
            insert into device_link as l (tenant_id, device_id, into_id, parted) select * from unnest($1, $2, $3, $4)
            on conflict (tenant_id, device_id, into_id) do update set parted = excluded.parted
            """, session.Connection, session.Transaction)
        {
            Parameters =
            {
                Texts(links.Select(l => l.TenantId)), Texts(links.Select(l => l.DeviceId)), Texts(links.Select(l => l.IntoId)),
                new() { Value = links.Select(l => l.Parted).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task WriteAsync(BatchSession session, List<NameRow> rows, string sql, CancellationToken cancel)
    {
        if (rows.Count == 0)
            return;
        await using var command = new NpgsqlCommand(sql, session.Connection, session.Transaction)
        {
            Parameters =
            {
                Texts(rows.Select(r => r.TenantId)), Texts(rows.Select(r => r.Name)), Texts(rows.Select(r => r.DeviceId)),
                Times(rows.Select(r => r.Since)), Times(rows.Select(r => r.LastAt)),
            },
        };
        if (await command.ExecuteNonQueryAsync(cancel) < rows.Count)
            throw new ConcurrencyException("Another transaction has learned a name of the same device");
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };

    private static NpgsqlParameter Times(IEnumerable<DateTimeOffset> values) =>
        new() { Value = values.Select(v => v.ToUniversalTime()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
}
