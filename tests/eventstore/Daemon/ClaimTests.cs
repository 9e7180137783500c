namespace Fleet.EventStore.Tests.Daemon;

public class ClaimTests
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(120), Day = TimeSpan.FromDays(1);

    [Test]
    public async Task A_claim_is_forgotten_after_its_time_and_not_a_day_before()
    {
        var clock = new DayClock();
        await using var store = await Stores.NewAsync(clock: clock);
        await ClaimAsync(store, "old");
        clock.Advance(Day);
        await ClaimAsync(store, "younger");
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();

        await DayByDayAsync(clock, (int)Kept.TotalDays - 1);
        Assert.That(await KnownAsync(store), Is.EqualTo(2), $"{Kept.TotalDays} days are not over");
        await DayByDayAsync(clock, 1);
        await Until.HoldsAsync("the old claim is forgotten", async () => await KnownAsync(store) == 1);

        Assert.That(await TryClaimAsync(store, "younger"), Is.Empty, "still a duplicate");
        Assert.That(await TryClaimAsync(store, "old"), Is.EqualTo(new[] { "old" }), "taken as new: only the streams tell now");
        await daemon.StopAllAsync();
    }

    [Test]
    public async Task Without_a_leader_nothing_is_forgotten()
    {
        var clock = new DayClock();
        await using var store = await Stores.NewAsync(clock: clock);
        await ClaimAsync(store, "old");
        clock.Advance(Kept + Day);

        Assert.That(await TryClaimAsync(store, "old"), Is.Empty);
    }

    [Test]
    public async Task More_than_one_bite_is_forgotten_and_counted()
    {
        var clock = new DayClock();
        await using var store = await Stores.NewAsync(clock: clock);
        await ClaimAsync(store, [.. Enumerable.Range(0, 25_000).Select(n => $"m{n}")]);
        clock.Advance(Day);
        await ClaimAsync(store, "younger");

        Assert.That(await store.Storage.PruneClaimsAsync(clock.GetUtcNow()), Is.EqualTo(25_000));
        Assert.That(await KnownAsync(store), Is.EqualTo(1));
    }

    // Each day is slept through before the next begins, as in life.
    private static async Task DayByDayAsync(DayClock clock, int days)
    {
        for (; days > 0; days--)
        {
            await Until.HoldsAsync("the daemon sleeps until tomorrow", () => Task.FromResult(clock.Sleepers > 0));
            clock.Advance(Day);
        }
        await Until.HoldsAsync("the last day's work is done", () => Task.FromResult(clock.Sleepers > 0));
    }

    private static async Task ClaimAsync(DocumentStore store, params string[] keys) => Assert.That(await TryClaimAsync(store, keys), Has.Count.EqualTo(keys.Length));

    private static async Task<IReadOnlySet<string>> TryClaimAsync(DocumentStore store, params string[] keys)
    {
        await using var session = store.BatchSession();
        var claimed = await session.ClaimAsync("bus", keys);
        await session.SaveChangesAsync();
        return claimed;
    }

    private static Task<long> KnownAsync(DocumentStore store) => Server.SqlAsync<long>($"select count(*) from {store.Options.Schema}.fleet_claim");
}
