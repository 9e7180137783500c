using Npgsql;

namespace Fleet.EventStore.Tests.Schema;

public class MigrationTests
{
    [Test]
    public async Task Many_processes_that_start_at_once_make_one_schema()
    {
        var schema = Server.NewSchema();
        var stores = Enumerable.Range(0, 6).Select(_ => Stores.Open(schema, [Printers.View(), Printers.Prints, Printers.Counts])).ToArray();
        await Task.WhenAll(stores.Select(s => Task.Run(() => s.Storage.ApplyAllConfiguredChangesToDatabaseAsync())));
        await stores[0].AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        foreach (var store in stores) await store.DisposeAsync();
        Assert.That(await Server.SqlAsync<long>($"select count(*) from {schema}.fleet_view"), Is.EqualTo(3));
    }

    [Test]
    public async Task The_printed_script_run_by_hand_is_what_the_store_needs()
    {
        await using var store = Stores.Open(Server.NewSchema(), [Printers.View(), Printers.Counts], extra: ["create table if not exists last_seen (device text primary key)"]);
        await using (var owner = NpgsqlDataSource.Create(Server.Database.Owner))
            for (var run = 0; run < 2; run++)
            {
                await using var command = owner.CreateCommand(store.Storage.ToDatabaseScript());
                await command.ExecuteNonQueryAsync();
            }
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await using var query = store.QuerySession("acme");
        Assert.That((await query.LoadAsync<CountRow>("acme", "all"))!.Events, Is.EqualTo(1));
        Assert.That(await Server.SqlAsync<bool>($"select to_regclass('{store.Options.Schema}.last_seen') is not null"));
    }

    [Test]
    public async Task A_new_inline_view_knows_the_history_before_the_first_append()
    {
        var schema = Server.NewSchema();
        await using (var before = Stores.Open(schema))
        {
            await before.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            for (var i = 0; i < 3; i++) await before.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        }
        await using var after = Stores.Open(schema, [Printers.Counts]);
        await after.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await after.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await using var query = after.QuerySession("acme");
        Assert.That(await query.LoadAsync<CountRow>("acme", "all"), Is.EqualTo(new CountRow(4, 4)));
    }

    [Test]
    public async Task A_process_with_an_older_inline_view_cannot_spoil_the_newer_table()
    {
        await using var old = await Stores.NewAsync([Printers.Counts]);
        await old.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        var newer = new View<CountRow>("counts", 2, _ => ["all"], (row, e, _) => new CountRow((row?.Events ?? 100) + 1, e.Version)) { Lifecycle = ViewLifecycle.Inline };
        await using var young = Stores.Open(old.Options.Schema, [newer]);
        await young.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        Assert.ThrowsAsync<InlineViewMovedException>(() => old.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1)));
        await young.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await using var query = young.QuerySession("acme");
        Assert.That(await query.LoadAsync<CountRow>("acme", "all"), Is.EqualTo(new CountRow(102, 2)));
    }

    [Test]
    public void A_reader_that_could_bypass_the_wall_is_refused()
    {
        var options = new StoreOptions { Schema = Server.NewSchema(), Connection = Server.Database.Owner, ReaderConnection = Server.Superuser, Clock = Server.RealClock };
        var store = new DocumentStore(options);
        Assert.That(async () => await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(), Throws.InvalidOperationException.With.Message.Contains("bypass"));
    }
}
