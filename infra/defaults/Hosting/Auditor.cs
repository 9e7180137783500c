namespace Fleet.Defaults;

/// <summary>
/// The role <c>{owner}_auditor</c>, where there is one, reads what was stored and how much of it there is, of all tenants, and nothing else: no views, no keys of messages, no writing. For a module's <see cref="Module.Tables"/>.
/// </summary>
public static class Auditor
{
    public const string Grant =
        """
        do $auditor$ declare auditor text := (select tableowner || '_auditor' from pg_tables where schemaname = current_schema() and tablename = 'mt_events'); begin
        if exists (select from pg_roles where rolname = auditor) then
            execute format('grant usage on schema %I to %I', current_schema(), auditor);
            execute format('grant select (seq_id, id, tenant_id, stream_id, version, type, data, headers) on mt_events to %I', auditor);
            execute format('grant select (tenant_id, id, version) on mt_streams to %I', auditor);
        end if;
        end $auditor$
        """;
}
