using System.Text;

namespace Fleet.EventStore;

/// <summary>The SQL that makes or completes a store's schema: run by the store, or printed for operators who migrate by hand.</summary>
internal static class StoreScript
{
    public static string Sql(StoreOptions options, IReadOnlyList<ViewTable> views, string reader)
    {
        var sql = new StringBuilder();
        sql.AppendLine("begin;");
        sql.AppendLine("-- Several processes start at once; the second finds everything done.");
        sql.AppendLine($"select pg_advisory_xact_lock({Names.Lock(options.Schema, "migrate")});");
        // Not "create schema if not exists": that asks for the right to create one even when it is there.
        sql.AppendLine($"do $$ begin if to_regnamespace('{options.Schema}') is null then create schema {options.Schema}; end if; end $$;");
        sql.AppendLine($"set local search_path to {options.Schema};");
        sql.AppendLine("set local client_min_messages to warning;");
        sql.AppendLine(MartenTables.Sql);
        sql.AppendLine(FleetTables.Sql);
        foreach (var subscription in options.Subscriptions)
            sql.AppendLine($"insert into mt_event_progression (name, last_seq_id) values ('{Names.Checkpoint(subscription)}', 0) on conflict do nothing;");
        sql.AppendLine("-- The reader sees views, row by row of its tenants, and nothing else.");
        sql.AppendLine($"grant usage on schema {options.Schema} to \"{reader}\";");
        foreach (var view in views) sql.AppendLine(Create(view, reader));
        foreach (var extra in options.ExtraSchema) sql.AppendLine(extra.TrimEnd().TrimEnd(';') + ";");
        sql.AppendLine("commit;");
        return sql.ToString();
    }

    // A table of an older version stays as it is: the daemon builds the new one beside it and swaps.
    private static string Create(ViewTable view, string reader) => $"""
        do $view$ begin
        if not exists (select from fleet_view where name = '{view.View.Name}') then
        {view.Ddl(view.View.Name, reader)}
        insert into fleet_view (name, version, shape, generation) values ('{view.View.Name}', {view.View.Version}, '{view.Shape.Replace("'", "''", StringComparison.Ordinal)}', 1);
        insert into mt_event_progression (name, last_seq_id) values ('{Names.Checkpoint(view.View, view.View.Version, 1)}', 0);
        end if;
        end $view$;
        grant select on {view.View.Name} to "{reader}";
        """;
}
