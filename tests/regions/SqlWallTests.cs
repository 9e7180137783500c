using Fleet.Host;
using Fleet.Testing;
using Npgsql;
using static Fleet.Regions.Tests.RunningRegion;

namespace Fleet.Regions.Tests;

/// <summary>
/// The wall in SQL, around every table of every service: a tenant that has something of everything, looked for by the role queries run as. Each look is repeated with the wall taken down, by hand as it
/// were, and sees what is behind it: a test that would not notice proves nothing.
/// </summary>
public class SqlWallTests
{
    private const string Tenant = "walled";

    private RegionsPlan _plan = null!;
    private RunningRegion _region = null!;

    private static IEnumerable<string> Services => Everything.Modules.Select(module => module.Name);

    [OneTimeSetUp]
    public async Task Start()
    {
        _plan = new RegionsPlan("eu");
        _region = await StartAsync("eu", _plan, Client("boss", "provider-admin", provider: "dealer"), Client($"{Tenant}-admin", "customer-admin", tenant: Tenant));
        await TenantLife.LiveAsync(_region, Tenant);
        await _region.Service.SettledAsync();
    }

    [OneTimeTearDown]
    public async Task Stop() => await Ending.AllAsync(("eu", () => _region.DisposeAsync().AsTask()), ("the plan", _plan.RemoveAsync));

    [TestCaseSource(nameof(Services))]
    public async Task A_reader_sees_its_own_tenants_rows_in_every_table_and_without_the_wall_everybodys(string service)
    {
        var tables = await ReadableAsync(service);
        var full = 0;
        foreach (var table in tables)
        {
            var there = await OwnerAsync<long>(service, $"select count(*) from {table} where tenant_id = '{Tenant}'");
            Assert.That((await SeenAsync(service, table, Tenant), await SeenAsync(service, table, "nobody"), await SeenAsync(service, table, "")), Is.EqualTo((there, 0, 0)),
                $"{table}: its own people, somebody else, nobody in particular");
            await OwnerAsync<object>(service, $"alter table {table} disable row level security");
            try
            {
                Assert.That(await SeenAsync(service, table, "nobody"), Is.EqualTo(there), $"{table}: the twin");
            }
            finally
            {
                await OwnerAsync<object>(service, $"alter table {table} enable row level security");
            }
            full += there > 0 ? 1 : 0;
        }
        Assert.That(full, Is.Positive, $"something was behind a wall: {string.Join(", ", tables)}");
    }

    [TestCaseSource(nameof(Services))]
    public async Task The_reader_is_a_role_that_walls_hold_for_and_as_another_it_would_see_everything(string service)
    {
        var tables = await ReadableAsync(service);
        Assert.That(await AllSeenAsync(service, tables), Is.Zero);
        await SuperuserAsync($"alter role {ReaderOf(service)} bypassrls");
        try
        {
            Assert.That(await AllSeenAsync(service, tables), Is.Positive, "the twin");
        }
        finally
        {
            await SuperuserAsync($"alter role {ReaderOf(service)} nobypassrls");
        }
    }

    [TestCaseSource(nameof(Services))]
    public async Task The_reader_may_read_walled_views_and_nothing_else_and_a_right_too_many_is_noticed(string service)
    {
        Assert.That(await TooManyAsync(service), Is.Empty);
        foreach (var (give, take, found) in new[]
                 {
                     ("grant select on mt_events to {0}", "revoke select on mt_events from {0}", "mt_events SELECT"),
                     ("grant insert on mt_streams to public", "revoke insert on mt_streams from public", "mt_streams INSERT"),
                     ("create table unwalled (tenant_id varchar); grant select on unwalled to {0}", "drop table unwalled", "unwalled SELECT"),
                 })
        {
            await OwnerAsync<object>(service, string.Format(null, give, ReaderOf(service)));
            try
            {
                Assert.That(await TooManyAsync(service), Is.EqualTo(found), "the twin");
            }
            finally
            {
                await OwnerAsync<object>(service, string.Format(null, take, ReaderOf(service)));
            }
        }
    }

    private async Task<long> AllSeenAsync(string service, IReadOnlyList<string> tables)
    {
        long seen = 0;
        foreach (var table in tables)
            seen += await SeenAsync(service, table, "nobody");
        return seen;
    }

    // What the reader may do beyond looking into tables that have a wall: table and right, one by one.
    private Task<string> TooManyAsync(string service) => OwnerAsync<string>(service,
        $"""
        select coalesce(string_agg(c.relname || ' ' || r, ', ' order by c.relname, r), '')
        from pg_class c cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) r
        where c.relnamespace = '{service}'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and has_table_privilege('{ReaderOf(service)}', c.oid, r)
            and not (r = 'SELECT' and c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
        """);

    private async Task<IReadOnlyList<string>> ReadableAsync(string service) => (await OwnerAsync<string>(service,
        $"select string_agg(relname, ',' order by relname) from pg_class where relnamespace = '{service}'::regnamespace and relkind = 'r' and has_table_privilege('{ReaderOf(service)}', oid, 'select')"))
        .Split(',').Select(table => $"{service}.{table}").ToList();

    private Task<long> SeenAsync(string service, string table, string tenants) => AskAsync<long>(_region.Service.Place.DatabaseOf(service).Reader,
        $"select set_config('fleet.tenants', '{tenants}', false)", $"select count(*) from {table} where tenant_id = '{Tenant}'");

    private string ReaderOf(string service) => new NpgsqlConnectionStringBuilder(_region.Service.Place.DatabaseOf(service).Reader).Username!;

    private Task<T> OwnerAsync<T>(string service, string sql) => AskAsync<T>(_region.Service.Place.DatabaseOf(service).Owner, $"set search_path to {service}", sql);

    private static async Task SuperuserAsync(string sql) => await AskAsync<object>((await SharedServers.StartedAsync()).Postgres, sql);

    private static async Task<T> AskAsync<T>(string login, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(login);
        await connection.OpenAsync();
        object? last = null;
        foreach (var sql in statements)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            last = await command.ExecuteScalarAsync();
        }
        return (T)last!; // null of what answers nothing
    }
}
