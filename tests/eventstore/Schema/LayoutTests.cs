using Npgsql;

namespace Fleet.EventStore.Tests.Schema;

public class LayoutTests
{
    // As read off databases that Marten 9 made for string identity, conjoined tenancy and all event metadata.
    private const string Marten = """
        mt_event_progression.name character varying not null
        mt_event_progression.last_seq_id bigint
        mt_event_progression.last_updated timestamp with time zone default transaction_timestamp()
        mt_events.seq_id bigint not null
        mt_events.id uuid not null
        mt_events.stream_id character varying
        mt_events.version bigint not null
        mt_events.data jsonb not null
        mt_events.bdata bytea
        mt_events.type character varying(500) not null
        mt_events.timestamp timestamp with time zone not null default now()
        mt_events.tenant_id character varying default '*DEFAULT*'::character varying
        mt_events.mt_dotnet_type character varying
        mt_events.correlation_id character varying
        mt_events.causation_id character varying
        mt_events.headers jsonb
        mt_events.is_archived boolean default false
        mt_streams.tenant_id character varying not null default '*DEFAULT*'::character varying
        mt_streams.id character varying not null
        mt_streams.type character varying
        mt_streams.version bigint
        mt_streams.timestamp timestamp with time zone not null default now()
        mt_streams.created timestamp with time zone not null default now()
        mt_streams.is_archived boolean default false
        """;

    private const string Keys = """
        mt_event_progression: PRIMARY KEY (name)
        mt_events: FOREIGN KEY (tenant_id, stream_id) REFERENCES mt_streams(tenant_id, id)
        mt_events: pkey_mt_events_seq_id PRIMARY KEY (seq_id)
        mt_streams: pkey_mt_streams_tenant_id_id PRIMARY KEY (tenant_id, id)
        """;

    private const string ColumnsSql = """
        select table_name || '.' || column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
            || case is_nullable when 'NO' then ' not null' else '' end || coalesce(' default ' || column_default, '')
        from information_schema.columns where table_schema = current_schema() and table_name like 'mt\_%' order by table_name, ordinal_position
        """;

    private const string KeysSql = """
        select conrelid::regclass || ': ' || case when conname like 'pkey%' then conname || ' ' else '' end || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = current_schema()::regnamespace and conrelid::regclass::text like 'mt\_%' order by 1
        """;

    [Test]
    public async Task The_tables_are_Martens_line_by_line()
    {
        await using var store = await Stores.NewAsync([Printers.View(), Printers.Counts]);
        Assert.That(await LinesAsync(store, ColumnsSql), Is.EqualTo(Marten.Split('\n')));
        Assert.That(await LinesAsync(store, KeysSql), Is.EqualTo(Keys.Split('\n')));
        Assert.That(await LinesAsync(store, "select indexdef from pg_indexes where schemaname = current_schema() and indexname = 'pk_mt_events_stream_and_version'"),
            Is.EqualTo(new[] { $"CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON {store.Options.Schema}.mt_events USING btree (tenant_id, stream_id, version)" }));
        Assert.That(await LinesAsync(store, "select pg_get_serial_sequence('mt_events', 'seq_id')"), Is.EqualTo(new[] { $"{store.Options.Schema}.mt_events_sequence" }));
    }

    [Test]
    public async Task The_comparison_notices_one_more_column()
    {
        await using var store = await Stores.NewAsync();
        await Server.SqlAsync<object>($"alter table {store.Options.Schema}.mt_events add column snapshot jsonb");
        Assert.That(await LinesAsync(store, ColumnsSql), Is.Not.EqualTo(Marten.Split('\n')));
    }

    [Test]
    public async Task A_row_says_what_Marten_would_say()
    {
        await using var store = await Stores.NewAsync();
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Seen("P1", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)), new PrinterEvent.Named(null));
        Assert.That(await LinesAsync(store, "select concat_ws('|', seq_id, stream_id, version, data, type, tenant_id, mt_dotnet_type, is_archived) from mt_events order by 1"),
            Is.EqualTo(new[]
            {
                """1|printer/1|1|{"at": "2026-03-01T12:00:00+00:00", "model": "P1"}|printer_seen|acme|Fleet.EventStore.Tests.PrinterEvent+Seen, Fleet.EventStore.Tests|f""",
                """2|printer/1|2|{"name": null}|printer_named|acme|Fleet.EventStore.Tests.PrinterEvent+Named, Fleet.EventStore.Tests|f""",
            }));
        Assert.That(await LinesAsync(store, "select concat_ws('|', tenant_id, id, type, version, is_archived) from mt_streams"), Is.EqualTo(new[] { "acme|printer/1|printer|2|f" }));
    }

    [Test]
    public async Task Names_of_checkpoints_cannot_be_Martens()
    {
        await using var store = await Stores.NewAsync([Printers.View(), Printers.Counts], [new Subscription("relay", (_, _) => Task.CompletedTask)]);
        var names = await LinesAsync(store, "select name from mt_event_progression order by 1");
        Assert.That(names, Is.EqualTo(new[] { "fleet-inline/counts/1", "fleet-subscription/relay", "fleet-view/printers/1" }));
        Assert.That(names, Has.None.Contains(":"));
    }

    private static async Task<List<string>> LinesAsync(DocumentStore store, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server.Superuser) { SearchPath = store.Options.Schema }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
