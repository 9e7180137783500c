using System.Diagnostics;

namespace Fleet.EventStore.Tests.Daemon;

public class StopTests
{
    // The daemon's own patience with a page under way.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Test]
    public async Task A_stop_waits_for_the_page_under_way()
    {
        var (taken, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var store = await TakingAsync(taken, _ => done.Task);
        await using var daemon = await StartedAsync(store, taken);

        var stopping = daemon.StopAllAsync();
        Assert.That(stopping.IsCompleted, Is.False, "a page is under way");
        done.SetResult();
        await stopping.WaitAsync(Patience);
        Assert.That((await store.AllProgressAsync()).Single().Lag, Is.Zero, "what was done counts");
    }

    [Test]
    public async Task A_stop_in_a_hurry_leaves_behind_a_handler_that_heeds_nothing_and_the_next_leader_takes_its_page()
    {
        var (taken, never, seen) = (new TaskCompletionSource(), new TaskCompletionSource(), new List<long>());
        await using var store = await TakingAsync(taken, _ => never.Task);
        await using var daemon = await StartedAsync(store, taken);

        using var hurry = new CancellationTokenSource();
        await hurry.CancelAsync();
        var began = Stopwatch.GetTimestamp();
        await daemon.StopAllAsync(hurry.Token);
        Assert.That(Stopwatch.GetElapsedTime(began), Is.LessThan(Patience));

        await using var next = Stores.Open(store.Options.Schema, subscriptions: [new("relay", (page, _) => { seen.AddRange(page.Select(e => e.Sequence)); return Task.CompletedTask; })]);
        await using var leader = next.BuildProjectionDaemon();
        await leader.StartAllAsync();
        await leader.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        Assert.That(seen, Is.EqualTo(new[] { 1L }));
    }

    private static Task<DocumentStore> TakingAsync(TaskCompletionSource taken, Func<CancellationToken, Task> handle) => Stores.NewAsync(subscriptions:
    [
        new("relay", (_, ct) =>
        {
            taken.TrySetResult();
            return handle(ct);
        }),
    ]);

    private static async Task<ProjectionDaemon> StartedAsync(DocumentStore store, TaskCompletionSource taken)
    {
        var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(20));
        return daemon;
    }
}
