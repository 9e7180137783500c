using Npgsql;

namespace Fleet.EventStore;

/// <summary>What of a tenant is in a store, as sections of rows, each a JSON array on a line. The same tenant gives the same lines, byte for byte, wherever it lives.</summary>
internal static class TenantSections
{
    public const string Streams = "streams", Events = "events", Claims = "claims", TablePrefix = "rows/";

    /// <summary>In the order they are written and read.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [Streams, Events, Claims, .. (await TablesAsync(connection, ct)).Select(table => TablePrefix + table)];

    /// <summary>Its rows in an order that is the same everywhere; <c>$1</c> is the tenant. Text is compared by its bytes: collations differ between servers.</summary>
    public static string Select(string section) => section switch
    {
        Streams => """
            select jsonb_build_array(id, type, version, timestamp, created, coalesce(is_archived, false))::text from mt_streams where tenant_id = $1 order by id collate "C"
            """,
        Events => """
            select jsonb_build_array(id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers, coalesce(is_archived, false))::text
            from mt_events where tenant_id = $1 order by seq_id
            """,
        // Whoever claims for one tenant begins the key with it; other keys are message ids, which no other region will see.
        Claims => """
            select jsonb_build_array(source, key, claimed_at)::text from fleet_claim where key like replace($1, '_', '\_') || '/%' order by source collate "C", key collate "C"
            """,
        _ => $"""
            select line from (select jsonb_build_array(to_jsonb(t) - 'tenant_id')::text as line from {Names.Checked(section[TablePrefix.Length..])} t where tenant_id = $1) lines
            order by line collate "C"
            """,
    };

    /// <summary>The rows of <c>fleet_arriving</c> into their tables; <c>$1</c> is the tenant.</summary>
    public static string Insert(string section) => section switch
    {
        Streams => """
            insert into mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
            select $1, line ->> 0, line ->> 1, (line ->> 2)::bigint, (line ->> 3)::timestamptz, (line ->> 4)::timestamptz, (line ->> 5)::boolean
            from fleet_arriving where section = $2 order by n
            """,
        // Numbers are new, their order is the old one.
        Events => """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived)
            select nextval('mt_events_sequence'), (line ->> 0)::uuid, line ->> 1, (line ->> 2)::bigint, line -> 3, line ->> 4, (line ->> 5)::timestamptz, $1,
                line ->> 6, line ->> 7, line ->> 8, nullif(line -> 9, 'null'), (line ->> 10)::boolean
            from (select line from fleet_arriving where section = $2 order by n) e
            """,
        Claims => """
            insert into fleet_claim (source, key, claimed_at) select line ->> 0, line ->> 1, (line ->> 2)::timestamptz
            from fleet_arriving where section = $2 and starts_with(line ->> 1, $1 || '/') on conflict do nothing
            """,
        _ when Names.Checked(section[TablePrefix.Length..]) is var table =>
            $"insert into {table} select (jsonb_populate_record(null::{table}, (line -> 0) || jsonb_build_object('tenant_id', $1))).* from fleet_arriving where section = $2 order by n",
        _ => throw new ArgumentException($"No section {section}"),
    };

    public static string Delete(string section) => section switch
    {
        Streams => "delete from mt_streams where tenant_id = $1",
        Events => "delete from mt_events where tenant_id = $1",
        Claims => @"delete from fleet_claim where key like replace($1, '_', '\_') || '/%'",
        _ => $"delete from {Names.Checked(section[TablePrefix.Length..])} where tenant_id = $1",
    };

    // The service's own tables: what is no stream, no view and no build of one, and has a tenant.
    private static async Task<IReadOnlyList<string>> TablesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select c.table_name::text from information_schema.columns c join pg_tables t on t.schemaname = c.table_schema and t.tablename = c.table_name
            where c.table_schema = current_schema() and c.column_name = 'tenant_id' and c.table_name !~ '^(mt|fleet)_' and c.table_name !~ '__[0-9]+$'
                and not exists (select from fleet_view v where v.name = c.table_name)
            order by c.table_name collate "C"
            """, connection);
        var tables = new List<string>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct)) tables.Add(row.GetString(0));
        return tables;
    }
}
