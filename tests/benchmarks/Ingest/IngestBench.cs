using System.Globalization;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Consent.V1;
using Fleet.Telemetry.Edge;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Benchmarks.Ingest;

// signed batches -> AMQPS, many connections -> telemetry (a process) -> streams and read models, until nothing lags
/// <summary>How many edge events a second go through every check of the gate into streams and read models, with broker, database, service and load on one machine.</summary>
public static class IngestBench
{
    private const int Agents = 40, DevicesEach = 250, Unconfirmed = 20;
    private const int BatchesEach = 50, EventsInBatch = 100;      // 200,000 events
    private const int SinglesEach = 500;                          // 20,000 events, one a message

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task<Report> RunAsync(TimeProvider clock)
    {
        await using var servers = await TestServers.StartAsync();
        await using var place = await TestPlace.OpenAsync(servers, ["telemetry"]);
        await using var tokens = await TestTokens.StartAsync(servers.Broker.SigningKeyFile, servers.Broker.KeyId);
        await using var desk = await ConsentDesk.StartAsync(place.BrokerOf("fleet-admin"), clock);
        await using var bus = await TestBus.StartAsync(place.BrokerOf("fleet-admin"));
        await using var database = NpgsqlDataSource.Create(place.DatabaseOf("telemetry").Owner);
        await using var gate = await GateProcess.StartAsync(place, tokens.Issuer, clock);
        var began = clock.GetUtcNow().AddDays(-30);
        var load = Enumerable.Range(1, Agents).Select(number => new LoadAgent(number, DevicesEach, began)).ToList();
        try
        {
            await LetInAsync(bus, load, began);
            var broker = new UriBuilder(place.BrokerOf("fleet-admin")) { Scheme = "amqps", Host = "localhost", Port = servers.Broker.AmqpsPort }.Uri;
            var trust = ServerTrust.From(servers.Broker.CaFile);
            await Task.WhenAll(load.Select(agent => agent.ConnectAsync(broker, trust)));
            var devices = new Run(load, load.Select(agent => agent.Describe(EventsInBatch)).ToList(), database, gate, clock);
            await devices.GoAsync(Unconfirmed, Patience);
            await using var alone = new LoadAgent(0, DevicesEach, began);
            var phases = Phases.Measure(alone.Enrolled, alone.Read(20, EventsInBatch), clock);
            var many = new Run(load, load.Select(agent => agent.Read(BatchesEach, EventsInBatch)).ToList(), database, gate, clock);
            var batched = await many.GoAsync(Unconfirmed, Patience);
            var single = await new Run(load, load.Select(agent => agent.Read(SinglesEach, 1)).ToList(), database, gate, clock).GoAsync(Unconfirmed * 5, Patience);
            return new Report("ingest", await ConditionsAsync(database),
            [
                Figure.Of($"gate to read models, {EventsInBatch} events a message", "events/s", [batched.EventsPerSecond], goal: 15_000),
                Figure.Of("lag when the last message was confirmed", "s", [batched.Lag.TotalSeconds], goal: 5, lessIsBetter: true),
                Figure.Of("gate to read models, one event a message", "events/s", [single.EventsPerSecond], goal: 5_000),
                Figure.Of("resident at the end / after the first third", "ratio", [batched.MemoryGrowth], goal: 1.2, lessIsBetter: true),
                Figure.Of("processor of the service, per event", "µs", [batched.CpuPerEvent]),
                Figure.Of("on disk, all in, per reading", "bytes", [batched.BytesPerEvent]),
                .. phases,
            ]);
        }
        finally
        {
            foreach (var agent in load)
                await agent.DisposeAsync();
        }
    }

    private static async Task LetInAsync(TestBus bus, IReadOnlyList<LoadAgent> load, DateTimeOffset since)
    {
        ConsentSpan[] Spans(params string[] names) => [.. names.Select(name => new ConsentSpan(name, since.AddDays(-1), null))];
        await bus.PublishAsync(new ConsentChanged("acme", 1, Spans("fleet-management", "billing"), Spans("remote-monitoring"),
            Spans("identity", "network-address", "location", "counters", "supplies", "status", "firmware"), since));
        foreach (var agent in load)
            await bus.PublishAsync(agent.Enrolled);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ConditionsAsync(NpgsqlDataSource database)
    {
        var conditions = new Dictionary<string, string>
        {
            ["load"] = string.Create(CultureInfo.InvariantCulture, $"{Agents} agents, a key and an AMQPS connection each, {Agents * DevicesEach} devices; 4 counters a reading"),
            ["processors"] = $"{Environment.ProcessorCount}, shared by load, broker, database and service",
        };
        foreach (var setting in new[] { "server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers" })
        {
            await using var command = database.CreateCommand($"show {setting}");
            conditions[setting] = (string)(await command.ExecuteScalarAsync())!;
        }
        return conditions;
    }
}
