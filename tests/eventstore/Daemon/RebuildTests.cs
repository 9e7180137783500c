namespace Fleet.EventStore.Tests.Daemon;

public class RebuildTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_view_serves_whole_rows_while_it_is_rebuilt_under_writes()
    {
        await using var store = await Stores.NewAsync([Printers.View()]);
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        for (var i = 0; i < 50; i++) await store.AppendAsync("acme", $"printer/{i}", new PrinterEvent.Printed(1));
        await daemon.WaitForNonStaleDataAsync(Patience);

        using var done = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++) await store.AppendAsync("acme", $"printer/{i % 50}", new PrinterEvent.Printed(1));
        });
        var reading = Task.Run(async () =>
        {
            var (least, reads) = (0L, 0);
            while (!done.IsCancellationRequested)
            {
                await using var query = store.QuerySession("acme");
                var rows = await query.QueryAsync<PrinterRow>();
                Assert.That(rows, Has.Count.EqualTo(50));
                // Never back in time, not even across the swap.
                Assert.That(rows.Sum(r => r.Pages), Is.GreaterThanOrEqualTo(least));
                (least, reads) = (rows.Sum(r => r.Pages), reads + 1);
            }
            return reads;
        });
        for (var i = 0; i < 5; i++) await daemon.RebuildProjectionAsync("printers");
        await done.CancelAsync();
        await writing;
        Assert.That(await reading, Is.GreaterThan(5));
        await daemon.WaitForNonStaleDataAsync(Patience);

        await using var after = store.QuerySession("acme");
        Assert.That((await after.QueryAsync<PrinterRow>()).Sum(r => r.Pages), Is.EqualTo((await store.ReadAllAsync(0, 1_000_000)).Count));
        Assert.That(await Server.SqlAsync<long>($"select count(*) from pg_tables where schemaname = '{store.Options.Schema}' and tablename like 'printers%'"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_higher_version_is_built_by_itself_while_the_old_process_serves_and_follows()
    {
        await using var old = await Stores.NewAsync([Printers.View()]);
        await using var oldDaemon = old.BuildProjectionDaemon();
        await oldDaemon.StartAllAsync();
        await old.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await oldDaemon.WaitForNonStaleDataAsync(Patience);

        var doubled = Printers.View(version: 2, also: (row, e) => e.Data is PrinterEvent.Printed printed ? row with { Pages = row.Pages + printed.Pages } : row);
        await using var young = Stores.Open(old.Options.Schema, [doubled]);
        await young.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var youngDaemon = young.BuildProjectionDaemon();
        await youngDaemon.StartAllAsync();
        await Until.HoldsAsync("the view is built in version 2", async () =>
            await Server.SqlAsync<int>($"select version from {young.Options.Schema}.fleet_view") == 2);

        await old.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await youngDaemon.WaitForNonStaleDataAsync(Patience);
        await using var query = young.QuerySession("acme");
        Assert.That((await query.LoadAsync<PrinterRow>("acme", "printer/1"))!.Pages, Is.EqualTo(4));
    }

    [Test]
    public async Task Other_columns_under_the_same_version_are_built_too()
    {
        await using (var old = await Stores.NewAsync([Printers.View()]))
        {
            await old.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
            var wider = new View<PrintedRow>("printers", 1, e => [e.StreamKey], (_, e, _) => new PrintedRow(1, e.Sequence));
            await using var young = Stores.Open(old.Options.Schema, [wider]);
            await young.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            await using var daemon = young.BuildProjectionDaemon();
            await daemon.StartAllAsync();
            await daemon.WaitForNonStaleDataAsync(Patience);
            await using var query = young.QuerySession("acme");
            Assert.That(await query.LoadAsync<PrintedRow>("acme", "printer/1"), Is.EqualTo(new PrintedRow(1, 1)));
        }
    }
}
