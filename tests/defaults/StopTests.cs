using System.Diagnostics;
using Fleet.Contracts.Licensing.V1;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Defaults.Tests;

/// <summary>A service ends when it is told to, whatever its broker, its database or a handler of its own does meanwhile.</summary>
public class StopTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    // The host's patience is 20 s. Here it is told that this is over; what is left is the grace (5 s), and what two busy cores take.
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(1), Bound = TimeSpan.FromSeconds(12);

    [Test]
    public async Task A_stop_leaves_behind_a_handler_that_never_ends()
    {
        var hold = new TaskCompletionSource();
        await using var service = await RunningService.StartAsync(Notes.Module(hold));
        await service.Bus.PublishAsync(new SeatTaken("acme", "d-1", "2026-11", 1, At));
        await Eventually.IsAsync("the message in hand", () => BusTests.DepthAsync(service, "licensing-write-note"), depth => depth == 0);

        Assert.That(await StopInAHurryAsync(service), Is.LessThan(Bound));
        hold.SetResult();
    }

    [Test]
    public async Task A_stop_ends_though_neither_broker_nor_database_answer_any_more()
    {
        await using var ways = await Ways.OpenAsync();
        await using var service = await ways.StartAsync();
        await WriteAsync(service);      // it has spoken to both
        ways.Freeze();
        _ = WriteAsync(service);        // and is in the middle of something

        var took = await StopInAHurryAsync(service);
        await ways.DisposeAsync();      // the servers, too, may let go before the databases are removed
        Assert.That(took, Is.LessThan(Bound));
    }

    [Test]
    public async Task With_servers_that_answer_it_takes_nobodys_patience()
    {
        await using var ways = await Ways.OpenAsync();
        await using var service = await ways.StartAsync();
        await WriteAsync(service);

        Assert.That(await StopAsync(service, CancellationToken.None), Is.LessThan(Bound));
    }

    private static async Task<TimeSpan> StopInAHurryAsync(RunningService service)
    {
        using var hurry = new CancellationTokenSource(Hurry);
        return await StopAsync(service, hurry.Token);
    }

    private static async Task<TimeSpan> StopAsync(RunningService service, CancellationToken hurry)
    {
        var began = Stopwatch.GetTimestamp();
        await Ending.OneAsync("the service's stop", service.StopAsync(hurry));
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task WriteAsync(RunningService service)
    {
        await using var session = service.Store(AnnounceTests.Announcing).LightweightSession("acme");
        session.Events.Append("note/1", new NoteEvent.Written("2026-11"));
        await session.SaveChangesAsync();
    }

    /// <summary>To the broker and to the database, as one service sees them.</summary>
    private sealed class Ways(Relay broker, Relay database) : IAsyncDisposable
    {
        public static async Task<Ways> OpenAsync()
        {
            var servers = await SharedServers.StartedAsync();
            return new(Relay.To(new Uri(servers.Broker.Services["licensing"]).Port), Relay.To(new NpgsqlConnectionStringBuilder(servers.Postgres).Port));
        }

        public Task<RunningService> StartAsync() => RunningService.StartAsync(place =>
        [
            ("FLEET_RABBITMQ_LICENSING", $"{new UriBuilder(place.BrokerOf("licensing")) { Port = broker.Port }}"),
            ("FLEET_POSTGRES_LICENSING", Through(place.DatabaseOf("licensing").Owner)),
            ("FLEET_POSTGRES_LICENSING_READER", Through(place.DatabaseOf("licensing").Reader)),
        ], AnnounceTests.Announcing);

        public void Freeze()
        {
            broker.Freeze();
            database.Freeze();
        }

        public async ValueTask DisposeAsync()
        {
            await broker.DisposeAsync();
            await database.DisposeAsync();
        }

        private string Through(string connection) => new NpgsqlConnectionStringBuilder(connection) { Port = database.Port }.ConnectionString;
    }
}
