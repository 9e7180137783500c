namespace Fleet.EventStore.Tests.Daemon;

public class StandstillTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task A_fold_that_throws_stops_its_own_view_before_the_event_and_no_other()
    {
        var poisoned = true;
        var view = Printers.View(also: (row, e) => e.Sequence == 7 && poisoned ? throw new InvalidOperationException("no idea") : row);
        await using var store = await Stores.NewAsync([view, Printers.Prints]);
        for (var i = 0; i < 10; i++) await store.AppendAsync("acme", $"printer/{i}", new PrinterEvent.Printed(1));
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await Until.HoldsAsync("the view stands before event 7 and says why", async () =>
            (await store.AllProgressAsync()).Any(s => s is { Name: "printers", Sequence: 6, Lag: 4, FailedSequence: 7, Failure: not null })
            && (await store.AllProgressAsync()).Any(s => s is { Name: "prints", Lag: 0, Failure: null }));

        poisoned = false;
        await daemon.WaitForNonStaleDataAsync(Patience);
        Assert.That((await store.AllProgressAsync()).Select(s => s.Failure), Is.All.Null);
    }

    [Test]
    public async Task A_handler_that_throws_gets_the_same_page_again()
    {
        var seen = new List<long>();
        var failures = 2;
        var relay = new Subscription("relay", (page, _) =>
        {
            seen.AddRange(page.Select(e => e.Sequence));
            return failures-- > 0 ? throw new InvalidOperationException("the broker is away") : Task.CompletedTask;
        });
        await using var store = await Stores.NewAsync(subscriptions: [relay]);
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2));
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(Patience);
        Assert.That(seen, Is.EqualTo(new long[] { 1, 2, 1, 2, 1, 2 }));
    }

    [Test]
    public async Task An_event_nobody_knows_stops_readers_before_it_and_not_what_came_earlier()
    {
        await using var store = await Stores.NewAsync([Printers.View()]);
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2));
        await Server.SqlAsync<object>($"update {store.Options.Schema}.mt_events set type = 'printer_exploded' where seq_id = 2");
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await Until.HoldsAsync("the view stands before event 2 and says why", async () =>
            (await store.AllProgressAsync()).Single() is { Sequence: 1, FailedSequence: 2 } state && state.Failure!.Contains("printer_exploded", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_burned_number_holds_readers_for_the_grace_and_no_longer()
    {
        await using var store = await Stores.NewAsync([Printers.View()]);
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await Server.SqlAsync<long>($"select nextval('{store.Options.Schema}.mt_events_sequence')");
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        Assert.That(await store.ReadAllAsync(0, 10), Has.Count.EqualTo(1), "before the grace is over");
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(Patience);
        Assert.That(await store.ReadAllAsync(0, 10), Has.Count.EqualTo(2));
    }
}
