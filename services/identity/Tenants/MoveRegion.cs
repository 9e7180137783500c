// export, import -> fleet_person: keys unwrapped there, wrapped anew here; provider/{id}: took on here, let go there
using System.Text.Json;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Agents;
using Fleet.Identity.Enrolments;
using Fleet.Identity.People;
using Fleet.Identity.Providers;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Fleet.Identity.Tenants;

/// <summary>What a tenant takes along beside its streams: the keys of its people. And who looks after it learns where it is.</summary>
public static class MoveRegion
{
    private const string Section = "people";

    public static readonly TenantMoves Moves = new() { Section = Section, Lines = KeysAsync, ArriveAsync = ArriveAsync, EndAsync = EndAsync, LeaveAsync = LeaveAsync };

    // The keys as such: whoever can open them reads what is personal in the export. In the file they are sealed for the region it goes to.
    private static async IAsyncEnumerable<string> KeysAsync(NpgsqlConnection connection, string tenant, IConfiguration settings)
    {
        var people = PeopleKey.Open(settings);
        await using var command = new NpgsqlCommand("""select person_id, key from fleet_person where home = $1 order by person_id collate "C" """, connection) { Parameters = { new() { Value = tenant } } };
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            yield return JsonSerializer.Serialize(new[] { row.GetString(0), Convert.ToBase64String(people.UnwrapRaw(row.GetString(0), row.GetFieldValue<byte[]>(1))) });
    }

    private static async Task ArriveAsync(BatchSession session, string tenant, IConfiguration settings, DateTimeOffset now, CancellationToken cancel)
    {
        var people = PeopleKey.Open(settings);
        foreach (var (person, key, email) in await ArrivingAsync(session, tenant, cancel))
        {
            var opened = EmailAddress.Read(new PersonKey(person, key).Open("email", email)) ?? throw new InvalidDataException($"Person {person} has no address that can be read");
            await using var insert = new NpgsqlCommand("insert into fleet_person (person_id, home, key, email) values ($1, $2, $3, $4) on conflict do nothing", session.Connection, session.Transaction)
            { Parameters = { new() { Value = person }, new() { Value = tenant }, new() { Value = people.Wrap(person, key) }, new() { Value = people.HashOf(opened) } } };
            if (await insert.ExecuteNonQueryAsync(cancel) == 0)
                throw new InvalidOperationException($"Somebody signs in here already with the address of the tenant's person {person}: end one of the two first");
        }
        var state = (await session.FetchForWriting<Tenant>([(tenant, Tenant.Key(tenant))], cancel))[0].Aggregate;
        if (state.Provider is { } provider)
            session.Append(StoreTenants.Of(provider), Provider.Key(provider), new ProviderEvent.TookOn(tenant, now));
        if (state.Asked is { } asked)
            session.Append(StoreTenants.Of(asked.Provider), Provider.Key(asked.Provider), new ProviderEvent.Asked(tenant, asked.Until, now));
    }

    private static async Task<List<(string Person, byte[] Key, string Email)>> ArrivingAsync(BatchSession session, string tenant, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "select a.line ->> 0, a.line ->> 1, p.email from fleet_arriving a join people p on p.tenant_id = $1 and p.key = a.line ->> 0 where a.section = $2 and p.email is not null", session.Connection, session.Transaction)
        { Parameters = { new() { Value = tenant }, new() { Value = Section } } };
        var arriving = new List<(string, byte[], string)>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel)) arriving.Add((row.GetString(0), Convert.FromBase64String(row.GetString(1)), row.GetString(2)));
        return arriving;
    }

    private static async Task EndAsync(BatchSession session, string tenant, IConfiguration settings, CancellationToken cancel) =>
        await ControlQueues.DeleteAsync(settings, await TenantAgent.OfAsync(session, [tenant], cancel), cancel);

    private static async Task LeaveAsync(BatchSession session, string tenant, DateTimeOffset now, CancellationToken cancel)
    {
        var state = (await session.FetchForWriting<Tenant>([(tenant, Tenant.Key(tenant))], cancel))[0].Aggregate;
        if (state.Provider is { } provider)
            session.Append(StoreTenants.Of(provider), Provider.Key(provider), new ProviderEvent.LetGo(tenant, now));
        if (state.Asked is { } asked)
            session.Append(StoreTenants.Of(asked.Provider), Provider.Key(asked.Provider), new ProviderEvent.AskedNoMore(tenant, now));
        foreach (var statement in Leaving)
        {
            await using var command = new NpgsqlCommand(statement, session.Connection, session.Transaction) { Parameters = { new() { Value = tenant } } };
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    // Beside its own streams: its people's sessions, codes and keys; and the enrolments that were decided for it, which belong to nobody's tenant until then.
    private static readonly string[] Leaving =
    [
        "delete from fleet_browser_session where person_id in (select person_id from fleet_person where home = $1)",
        "delete from fleet_code where person_id in (select person_id from fleet_person where home = $1)",
        "delete from fleet_person where home = $1",
        $"""
        create temp table leaving on commit drop as
            select distinct tenant_id, stream_id from mt_events where tenant_id = '{StoreTenants.Platform}' and type in ('enrolment_approved', 'enrolment_denied') and data ->> 'tenant' = $1
        """,
        "delete from asked_enrolments a using leaving l where a.tenant_id = l.tenant_id and a.enrolment = l.stream_id and $1 <> ''",
        "delete from fleet_snapshot s using leaving l where s.tenant_id = l.tenant_id and s.id = l.stream_id and $1 <> ''",
        "delete from mt_events e using leaving l where e.tenant_id = l.tenant_id and e.stream_id = l.stream_id and $1 <> ''",
        "delete from mt_streams s using leaving l where s.tenant_id = l.tenant_id and s.id = l.stream_id and $1 <> ''",
    ];
}
