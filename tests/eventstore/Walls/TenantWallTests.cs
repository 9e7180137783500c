using Npgsql;

namespace Fleet.EventStore.Tests.Walls;

public class TenantWallTests
{
    private DocumentStore store = null!;

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        store = await Stores.NewAsync([Printers.View(), Printers.Counts]);
        foreach (var tenant in new[] { "acme", "globex" }) await store.AppendAsync(tenant, $"printer/{tenant}", new PrinterEvent.Printed(1));
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await store.DisposeAsync();

    [Test]
    public async Task A_session_sees_the_rows_of_its_tenants_only()
    {
        Assert.That(await TenantsAsync("acme"), Is.EqualTo(new[] { "acme" }));
        Assert.That(await TenantsAsync("acme", "globex"), Is.EqualTo(new[] { "acme", "globex" }));
        Assert.That(await TenantsAsync(), Is.Empty);
        await using var query = store.QuerySession("acme");
        Assert.That(await query.LoadAsync<PrinterRow>("globex", "printer/globex"), Is.Null);
        Assert.That(await query.ScalarAsync<long>("select count(*) from {printers}"), Is.EqualTo(1));
        Assert.That(await query.ScalarAsync<long>("select sum(events)::bigint from {counts}"), Is.EqualTo(1));
    }

    [Test]
    public async Task One_query_leaves_no_tenants_behind_for_the_next_user_of_the_connection()
    {
        _ = await TenantsAsync("acme", "globex");
        await using var reader = NpgsqlDataSource.Create(store.Options.ReaderConnection + ";Maximum Pool Size=1");
        await using var command = reader.CreateCommand($"select count(*) from {store.Options.Schema}.printers");
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo(0));
    }

    [TestCase("select count(*) from mt_events")]
    [TestCase("select count(*) from mt_streams")]
    [TestCase("select count(*) from mt_event_progression")]
    [TestCase("select count(*) from fleet_snapshot")]
    [TestCase("select count(*) from fleet_claim")]
    [TestCase("insert into printers (tenant_id, key, pages, events, last_version, id) values ('acme', 'x', 1, 1, 1, 'x')")]
    [TestCase("update printers set pages = 0")]
    [TestCase("delete from printers")]
    [TestCase("alter table printers disable row level security")]
    [TestCase("drop policy fleet_tenants on printers")]
    [TestCase("create table escape (id int)")]
    public void The_reader_may_read_views_and_do_nothing_else(string sql) =>
        Assert.That((Assert.ThrowsAsync<PostgresException>(() => AsReaderAsync(sql)))!.SqlState, Is.EqualTo("42501"));

    [Test]
    public void The_reader_cannot_become_somebody_else()
    {
        var owner = new NpgsqlConnectionStringBuilder(store.Options.Connection).Username;
        Assert.That((Assert.ThrowsAsync<PostgresException>(() => AsReaderAsync($"set role {owner}")))!.SqlState, Is.EqualTo("42501"));
        Assert.That((Assert.ThrowsAsync<PostgresException>(() => AsReaderAsync("set session authorization postgres")))!.SqlState, Is.AnyOf("42501", "22023"));
    }

    [Test]
    public async Task Without_the_policy_the_wall_is_gone_and_this_test_would_see_it()
    {
        await using var broken = await Stores.NewAsync([Printers.Counts]);
        foreach (var tenant in new[] { "acme", "globex" }) await broken.AppendAsync(tenant, "printer/1", new PrinterEvent.Printed(1));
        await Server.SqlAsync<object>($"alter table {broken.Options.Schema}.counts disable row level security");
        await using var query = broken.QuerySession("acme");
        Assert.That(await query.ScalarAsync<long>("select count(*) from {counts}"), Is.EqualTo(2));
    }

    [Test]
    public async Task The_wall_stands_around_a_table_that_was_built_anew()
    {
        await using (var daemon = store.BuildProjectionDaemon()) await daemon.RebuildProjectionAsync("printers");
        Assert.That(await TenantsAsync("globex"), Is.EqualTo(new[] { "globex" }));
    }

    [Test]
    public void A_tenant_id_that_would_be_two_is_refused() => Assert.Throws<ArgumentException>(() => store.QuerySession("acme,globex"));

    private async Task<IEnumerable<string>> TenantsAsync(params string[] tenants)
    {
        await using var query = store.QuerySession(tenants);
        return (await query.QueryKeyedAsync<PrinterRow>("order by tenant_id")).Select(row => row.TenantId);
    }

    private async Task AsReaderAsync(string sql)
    {
        await using var query = store.QuerySession("acme");
        await query.ScalarAsync<object>(sql);
    }
}
