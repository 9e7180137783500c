namespace Fleet.EventStore;

/// <summary>The store's own tables beside Marten's; Marten's names start with <c>mt_</c>, these with <c>fleet_</c>.</summary>
internal static class FleetTables
{
    public const string Sql = """
        -- One row per claimed message; written in the transaction of the write it guards.
        create table if not exists fleet_claim (
            source     varchar     not null,
            key        varchar     not null,
            claimed_at timestamptz not null,
            constraint pkey_fleet_claim primary key (source, key)
        );
        -- Claims come in the order of time: a few bytes per megabyte tell which pages are old.
        create index if not exists idx_fleet_claim_claimed_at on fleet_claim using brin (claimed_at);

        -- Folded state of long streams, at most as new as the stream; a reader folds the events after version on top.
        create table if not exists fleet_snapshot (
            tenant_id varchar not null,
            id        varchar not null,
            type      varchar not null,
            fold      varchar not null,
            version   bigint  not null,
            state     jsonb   not null,
            constraint pkey_fleet_snapshot primary key (tenant_id, id, type)
        ) with (fillfactor = 70);

        -- Which version of a view its table holds; a generation is one build of the table.
        create table if not exists fleet_view (
            name       varchar not null,
            version    integer not null,
            shape      varchar not null,
            generation bigint  not null,
            constraint pkey_fleet_view primary key (name)
        );

        -- Sequence numbers below an inline view's position that were no events yet when it passed them.
        create table if not exists fleet_gap (
            name     varchar not null,
            seq_from bigint  not null,
            seq_to   bigint  not null,
            constraint pkey_fleet_gap primary key (name, seq_from)
        );

        -- Tenants that leave for another region, or have left: of these nothing is appended any more.
        create table if not exists fleet_departure (
            tenant_id varchar     not null,
            region    varchar     not null,
            closed_at timestamptz not null,
            left_at   timestamptz,
            statement varchar,
            constraint pkey_fleet_departure primary key (tenant_id)
        );

        -- Tenants that came from another region: which events came with them, and by which export.
        create table if not exists fleet_arrival (
            tenant_id varchar not null,
            seq_from  bigint  not null,
            seq_to    bigint  not null,
            export    varchar not null,
            constraint pkey_fleet_arrival primary key (tenant_id)
        );

        -- Views and subscriptions that stand still, and why.
        create table if not exists fleet_failure (
            name      varchar     not null,
            seq_id    bigint,
            message   varchar     not null,
            failed_at timestamptz not null,
            constraint pkey_fleet_failure primary key (name)
        );
        """;
}
