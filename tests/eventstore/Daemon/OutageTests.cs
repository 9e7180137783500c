using System.Collections.Concurrent;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Npgsql;

namespace Fleet.EventStore.Tests.Daemon;

/// <summary>A server of its own, stopped and started under a running daemon.</summary>
public class OutageTests
{
    [Test]
    public async Task Daemon_leadership_and_sessions_recover_by_themselves_when_the_server_was_away()
    {
        var directory = Directory.CreateTempSubdirectory("fleet-outage-").FullName;
        var server = await LocalPostgres.StartAsync(directory, 0, Server.RealClock);
        var port = new NpgsqlConnectionStringBuilder(server.ConnectionString).Port;
        try
        {
            var database = (await Databases.CreateAsync(server.ConnectionString, role => $"secret-of-{role}", ["outage"]))[0];
            var seen = new ConcurrentQueue<long>();
            var relay = new Subscription("relay", (page, _) => { foreach (var e in page) seen.Enqueue(e.Sequence); return Task.CompletedTask; });
            await using var store = new DocumentStore(new StoreOptions
            {
                Schema = "outage",
                Connection = database.Owner,
                ReaderConnection = database.Reader,
                Clock = Server.RealClock,
                Streams = [Printers.Stream()],
                Views = [Printers.View()],
                Subscriptions = [relay],
            });
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
            await using var daemon = store.BuildProjectionDaemon();
            await daemon.StartAllAsync();
            await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
            await daemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(30));

            await server.DisposeAsync();
            Assert.CatchAsync<NpgsqlException>(() => store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(2)));
            server = await LocalPostgres.StartAsync(directory, port, Server.RealClock);
            await Until.HoldsAsync("the store takes an append again", async () =>
            {
                try { await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(3)); return true; }
                catch (NpgsqlException) { return false; } // a session throws, its caller tries again
            });
            await daemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(60));

            await using var query = store.QuerySession("acme");
            Assert.That((await query.LoadAsync<PrinterRow>("acme", "printer/1"))!.Pages, Is.EqualTo(4));
            Assert.That(seen.Distinct(), Is.EqualTo((await store.ReadAllAsync(0, 10)).Select(e => e.Sequence)));
            Assert.That((await store.AllProgressAsync()).Select(s => s.Failure), Is.All.Null);
        }
        finally
        {
            await server.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }
}
