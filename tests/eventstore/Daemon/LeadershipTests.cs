using System.Collections.Concurrent;

namespace Fleet.EventStore.Tests.Daemon;

public class LeadershipTests
{
    [Test]
    public async Task Of_two_processes_one_leads_and_the_other_takes_over_when_its_connection_is_gone()
    {
        var schema = Server.NewSchema();
        var handled = new ConcurrentQueue<(string By, long Sequence)>();
        var (atOnce, most) = (0, 0);
        Subscription Relay(string process) => new("relay", async (page, ct) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atOnce));
            try
            {
                await Task.Delay(20, ct);
                foreach (var e in page) handled.Enqueue((process, e.Sequence));
            }
            finally
            {
                Interlocked.Decrement(ref atOnce);
            }
        });
        await using var left = Stores.Open(schema, subscriptions: [Relay("left")]);
        await using var right = Stores.Open(schema, subscriptions: [Relay("right")]);
        await left.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await using var leftDaemon = left.BuildProjectionDaemon();
        await using var rightDaemon = right.BuildProjectionDaemon();
        await leftDaemon.StartAllAsync();
        await Until.HoldsAsync("left leads", () => LeadersAsync(schema));
        await rightDaemon.StartAllAsync();
        for (var i = 0; i < 10; i++) await right.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(i));
        await leftDaemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        Assert.That(handled.Select(h => h.By), Is.All.EqualTo("left"));

        await leftDaemon.StopAllAsync();
        await right.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await rightDaemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        Assert.That(handled.Last(), Is.EqualTo(("right", 11L)));

        // The leader loses its connection, and with it the lock, without having been asked.
        await leftDaemon.StartAllAsync();
        await Stores.CutAsync(schema, "pid in (select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database()))");
        await right.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        await rightDaemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        Assert.That(handled.Select(h => h.Sequence).Distinct(), Is.EqualTo(Enumerable.Range(1, 12).Select(n => (long)n)));
        Assert.That(most, Is.EqualTo(1));
    }

    private static async Task<bool> LeadersAsync(string schema) => await Server.SqlAsync<long>(
        $"select count(*) from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory' and l.granted and a.application_name = '{schema}'") > 0;
}
