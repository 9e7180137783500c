namespace Fleet.EventStore;

/// <summary>
/// Marten's tables as Marten 9 makes them for string stream identity, conjoined tenancy and all event metadata. Nothing is added to them.
/// Storage parameters are no part of what Marten compares.
/// </summary>
internal static class MartenTables
{
    public const string Sql = """
        create table if not exists mt_streams (
            tenant_id   varchar      not null default '*DEFAULT*',
            id          varchar      not null,
            type        varchar,
            version     bigint,
            timestamp   timestamptz  not null default now(),
            created     timestamptz  not null default now(),
            is_archived boolean      default false,
            constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
        ) with (fillfactor = 70); -- room for the next version of a row on its own page: updates stay heap-only

        create table if not exists mt_events (
            seq_id         bigint       not null,
            id             uuid         not null,
            stream_id      varchar,
            version        bigint       not null,
            data           jsonb        not null,
            bdata          bytea,
            type           varchar(500) not null,
            timestamp      timestamptz  not null default now(),
            tenant_id      varchar      default '*DEFAULT*',
            mt_dotnet_type varchar,
            correlation_id varchar,
            causation_id   varchar,
            headers        jsonb,
            is_archived    boolean      default false,
            constraint pkey_mt_events_seq_id primary key (seq_id),
            constraint fkey_mt_events_stream_id_tenant_id foreign key (tenant_id, stream_id) references mt_streams (tenant_id, id)
        );
        create unique index if not exists pk_mt_events_stream_and_version on mt_events using btree (tenant_id, stream_id, version);

        create sequence if not exists mt_events_sequence;
        alter sequence mt_events_sequence owned by mt_events.seq_id;

        create table if not exists mt_event_progression (
            name         varchar not null,
            last_seq_id  bigint,
            last_updated timestamptz default transaction_timestamp(),
            constraint pk_mt_event_progression primary key (name)
        );
        """;
}
