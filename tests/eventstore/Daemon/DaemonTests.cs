using System.Collections.Concurrent;

namespace Fleet.EventStore.Tests.Daemon;

public class DaemonTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Views_and_subscriptions_follow_what_is_appended()
    {
        var seen = new ConcurrentQueue<long>();
        var subscription = new Subscription("relay", (page, _) => { foreach (var e in page) seen.Enqueue(e.Sequence); return Task.CompletedTask; });
        await using var store = await Stores.NewAsync([Printers.View(), Printers.Prints], [subscription]);
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        for (var i = 1; i <= 20; i++) await store.AppendAsync(i % 2 == 0 ? "acme" : "globex", $"printer/{i % 5}", new PrinterEvent.Printed(i));
        await daemon.WaitForNonStaleDataAsync(Patience);

        await using var query = store.QuerySession("acme", "globex");
        var rows = await query.QueryKeyedAsync<PrinterRow>("where pages > @least order by key, tenant_id", new { least = 0L });
        Assert.That(rows.Sum(r => r.Row.Pages), Is.EqualTo(210));
        Assert.That(rows, Has.Count.EqualTo(10));
        Assert.That(await query.ScalarAsync<long>("select count(*) from {prints}"), Is.EqualTo(20));
        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 20).Select(n => (long)n)));
        Assert.That((await store.AllProgressAsync()).Select(s => (s.Name, s.Lag)), Is.EqualTo(new[] { ("printers", 0L), ("prints", 0L), ("relay", 0L) }));
    }

    [Test]
    public async Task A_view_is_rebuilt_beside_the_one_that_serves()
    {
        await using var store = await Stores.NewAsync([Printers.View()]);
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(5));
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(Patience);
        await Server.SqlAsync<object>($"update {store.Options.Schema}.printers set pages = 0");
        await daemon.RebuildProjectionAsync("printers");
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(6));
        await daemon.WaitForNonStaleDataAsync(Patience);
        await using var query = store.QuerySession("acme");
        Assert.That((await query.LoadAsync<PrinterRow>("acme", "printer/1"))!.Pages, Is.EqualTo(11));
    }
}
