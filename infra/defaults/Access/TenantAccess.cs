// consent.ConsentChanged, identity.TenantCreated, identity.TenantMoved -> rows tenant_access -> whom a provider's people and integrators see
using System.Text.Json;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Identity.V1;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Defaults;

/// <summary>
/// What each tenant allows, in a module's own database: for its <see cref="Module.Tables"/> and <see cref="Module.Consumers"/>. Each message tells the whole and the highest version wins, so
/// neither doubles nor disorder do harm. A tenant without a row allows nothing. Not events: they are the neighbours'.
/// </summary>
public static class TenantAccess
{
    public const string Table =
        """
        create table if not exists tenant_access (
            tenant_id varchar primary key,
            version bigint not null default 0,
            purposes jsonb not null default '{}',
            features jsonb not null default '{}',
            provider_id varchar,
            provider_at timestamptz,
            moved_at timestamptz
        ) with (fillfactor = 70);
        alter table tenant_access enable row level security;
        do $$ begin
            if not exists (select from pg_policies where schemaname = current_schema() and tablename = 'tenant_access') then
                create policy fleet_tenants on tenant_access for select
                    using (tenant_id = any (string_to_array(current_setting('fleet.tenants', true), ',')));
            end if;
        end $$;
        grant select on tenant_access to public
        """;

    public static readonly IReadOnlyList<Consumer> Consumers =
    [
        Consumer.On<ConsentChanged>("access-consent", (changed, delivery) => RunAsync(delivery, Consented,
            Text(changed.TenantId), new() { Value = changed.Version }, Json(Standing(changed.Purposes)), Json(Standing(changed.Features)))),
        Consumer.On<TenantCreated>("access-created", (created, delivery) => RunAsync(delivery, Created,
            Text(created.TenantId), Text(created.ProviderId), new() { Value = created.At.ToUniversalTime() })),
        Consumer.On<TenantMoved>("access-moved", (moved, delivery) => RunAsync(delivery, Moved,
            Text(moved.TenantId), Text(moved.To), new() { Value = moved.At.ToUniversalTime() })),
    ];

    private const string Consented =
        """
        insert into tenant_access as a (tenant_id, version, purposes, features) values ($1, $2, $3, $4)
        on conflict (tenant_id) do update set version = excluded.version, purposes = excluded.purposes, features = excluded.features where a.version < excluded.version
        """;

    private const string Created =
        """
        insert into tenant_access as a (tenant_id, provider_id, provider_at) values ($1, $2, $3)
        on conflict (tenant_id) do update set provider_id = excluded.provider_id, provider_at = excluded.provider_at where a.provider_at is null or a.provider_at < excluded.provider_at
        """;

    private const string Moved =
        """
        insert into tenant_access as a (tenant_id, provider_id, provider_at, moved_at) values ($1, $2, $3, $3)
        on conflict (tenant_id) do update set provider_id = excluded.provider_id, provider_at = excluded.provider_at, moved_at = excluded.moved_at where a.provider_at is null or a.provider_at < excluded.provider_at
        """;

    // Name -> since when: what stood before the tenant moved was said to another provider.
    private static Dictionary<string, DateTimeOffset> Standing(IReadOnlyList<ConsentSpan> spans) =>
        spans.Where(span => span.Until is null).GroupBy(span => span.Name).ToDictionary(same => same.Key, same => same.Max(span => span.From));

    private static async Task RunAsync(Delivery delivery, string sql, params NpgsqlParameter[] parameters)
    {
        await using var session = delivery.Module.Store.BatchSession();
        await session.BeginAsync(delivery.Cancel);
        await using (var command = new NpgsqlCommand(sql, session.Connection, session.Transaction))
        {
            command.Parameters.AddRange(parameters);
            await command.ExecuteNonQueryAsync(delivery.Cancel);
        }
        await session.SaveChangesAsync(delivery.Cancel);
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value };

    private static NpgsqlParameter Json(Dictionary<string, DateTimeOffset> value) => new() { Value = JsonSerializer.Serialize(value), NpgsqlDbType = NpgsqlDbType.Jsonb };
}
