namespace Fleet.EventStore.Tests.Model;

public class AgainstAModelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [TestCase(1, false)]
    [TestCase(2, true)]
    public async Task Nothing_is_lost_or_doubled_whoever_writes_dies_or_leads(int seed, bool snapshot)
    {
        var (store, ledger, writers) = await RunAsync(seed, snapshot, cut: true, withMarten: false);
        await using (store) Assert.That(await ledger.ViolationsAsync(store, writers.Foreign), Is.Empty);
        Assert.That(ledger.Acknowledged, Is.GreaterThan(50));
    }

    [Test]
    public async Task A_writer_that_knows_no_lock_is_not_overtaken([Values] bool snapshot)
    {
        var (store, ledger, writers) = await RunAsync(3, snapshot, cut: false, withMarten: true);
        await using (store) Assert.That(await ledger.ViolationsAsync(store, writers.Foreign), Is.Empty);
        Assert.That(writers.Foreign, Is.GreaterThan(10));
    }

    [TestCase("delete from mt_events where seq_id = (select max(seq_id) from mt_events)", "lost|half")]
    [TestCase("update mt_events set version = version + 1 where seq_id = (select max(seq_id) from mt_events)", "versions")]
    [TestCase("update printers set pages = pages + 1 where key = 'printer/1'", "view at")]
    [TestCase("delete from prints where key = (select max(key) from prints)", "append-only")]
    [TestCase("update counts set events = events - 1", "inline")]
    public async Task The_ledger_notices_what_is_broken(string sql, string complaint)
    {
        var (store, ledger, writers) = await RunAsync(4, snapshot: false, cut: false, withMarten: false, units: 15);
        await using (store)
        {
            await Server.SqlAsync<object>($"set search_path to {store.Options.Schema}; {sql}");
            Assert.That(string.Join('\n', await ledger.ViolationsAsync(store, writers.Foreign)), Does.Match(complaint));
        }
    }

    [TestCase(0, "saw")]
    [TestCase(1, "order: False")]
    public async Task The_ledger_notices_a_subscription_that_forgets_or_turns_round(int fault, string complaint)
    {
        var (store, ledger, writers) = await RunAsync(5, snapshot: false, cut: false, withMarten: false, units: 15,
            page => fault == 0 ? [.. page.Skip(1)] : [.. page.Reverse()]);
        await using (store) Assert.That(string.Join('\n', await ledger.ViolationsAsync(store, writers.Foreign)), Does.Contain(complaint));
    }

    private static async Task<(DocumentStore, Ledger, Writers)> RunAsync(
        int seed, bool snapshot, bool cut, bool withMarten, int units = 60, Func<IReadOnlyList<IEvent>, IReadOnlyList<IEvent>>? broken = null)
    {
        var ledger = new Ledger();
        var relay = new Subscription("relay", (page, _) => { ledger.Delivered(broken?.Invoke(page) ?? page); return Task.CompletedTask; });
        IView[] views = [Printers.View(), Printers.Prints, Printers.Counts];
        var store = await Stores.NewAsync(views, [relay], snapshot);
        // Two more stores over the same schema stand for two more processes.
        await using var left = Stores.Open(store.Options.Schema, views, [relay], snapshot);
        await using var right = Stores.Open(store.Options.Schema, views, [relay], snapshot);
        var writers = new Writers(store, ledger, seed);
        using var calm = new CancellationTokenSource();
        var chaos = Task.WhenAll(
            RestartsAsync(left, seed, calm.Token), RestartsAsync(right, seed + 1, calm.Token), cut ? CutsAsync(store.Options.Schema, seed, calm.Token) : Task.CompletedTask);

        await Task.WhenAll([.. Enumerable.Range(0, 4).Select(writer => writers.WriteAsync(writer, units)), withMarten ? writers.WriteLikeMartenAsync(60) : Task.CompletedTask]);
        await calm.CancelAsync();
        await chaos;
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(Patience);
        return (store, ledger, writers);
    }

    private static async Task RestartsAsync(DocumentStore store, int seed, CancellationToken calm)
    {
        var random = new Random(seed);
        while (!calm.IsCancellationRequested)
        {
            await using var daemon = store.BuildProjectionDaemon();
            await daemon.StartAllAsync(CancellationToken.None);
            await Task.Delay(random.Next(50, 400), CancellationToken.None);
        }
    }

    // Any connection at any moment, sooner those with a transaction under way.
    private static async Task CutsAsync(string schema, int seed, CancellationToken calm)
    {
        var random = new Random(seed);
        while (!calm.IsCancellationRequested)
        {
            await Task.Delay(random.Next(60, 250), CancellationToken.None);
            await Stores.CutAsync(schema, random.Next(4) == 0 ? "random() < 0.3" : "state like 'idle in transaction%' or (state = 'active' and random() < 0.5)");
        }
    }
}
