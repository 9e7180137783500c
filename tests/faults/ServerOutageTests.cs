using Fleet.Cli.Local;
using Fleet.Contracts.Consent.V1;
using Fleet.Defaults;
using Fleet.Testing;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Fleet.Faults.Tests;

/// <summary>Accepted means kept: servers die by signal 9 under load, and the ledger is even.</summary>
public class ServerOutageTests
{
    private const string Tenant = "acme";
    private const int Agents = 4, DevicesPerAgent = 10;

    // 4 agents × 10 devices × 5 batches a second: 200 events a second.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200), Calm = TimeSpan.FromSeconds(8), Outage = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(90);

    [Test, CancelAfter(300_000)]
    public async Task Twenty_seconds_without_RabbitMQ_and_then_without_PostgreSQL_lose_nothing_and_double_nothing(CancellationToken limit)
    {
        await using var servers = await OwnServers.StartAsync();
        var database = (await Databases.CreateAsync(servers.Postgres, _ => Secret.New(), ["telemetry"], stop: limit))[0];
        await using var host = Host(servers, database);
        await using var desk = await ConsentDesk.StartAsync(servers.BrokerOf("fleet-admin"), TestClock.Real);
        await host.StartAsync(limit);
        var ledger = new Ledger();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit);
        var load = Enumerable.Range(1, Agents)
            .Select(i => new EdgeLoad(servers.BrokerOf("fleet-admin"), Tenant, $"agent-{i}", DevicesPerAgent, ledger, TestClock.Real)).ToList();
        await LetInAsync(servers, database, load);
        var running = Task.WhenAll(load.Select(agent => agent.RunAsync(Every, stop.Token)));

        await Task.Delay(Calm, limit);
        servers.KillRabbitMq();
        await Task.Delay(Outage, limit);
        await servers.StartRabbitMqAsync();
        await Task.Delay(Calm, limit);
        servers.KillPostgres();
        await Task.Delay(Outage, limit);
        await servers.StartPostgresAsync();
        await Task.Delay(Calm, limit);
        await stop.CancelAsync();
        await running.WaitAsync(CatchUp, limit);

        var stored = await Eventually.IsAsync(
            $"all {ledger.Acknowledged} acknowledged events in the streams", () => StoredAsync(database), ids => ids.Count >= ledger.Acknowledged, CatchUp);
        var projected = await Eventually.IsAsync(
            $"all {ledger.Acknowledged} readings in the view", () => ProjectedAsync(database), ids => ids.Count >= ledger.Acknowledged, CatchUp);

        await TestContext.Out.WriteLineAsync(
            $"attempted {ledger.Attempted}, acknowledged {ledger.Acknowledged}, in streams {stored.Count}, in the view {projected.Count}");
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Acknowledged, Is.GreaterThan(2000), "the load ran before, between and after the outages");
            Assert.That(ledger.Against(stored), Is.EqualTo(Balance.Even), "streams");
            Assert.That(ledger.Against(projected), Is.EqualTo(Balance.Even), "view");
        });
        await host.StopAsync(limit);
    }

    private static WebApplication Host(OwnServers servers, ServiceDatabase database) => FleetHost.Build(
    [
        "--FLEET_HTTP_URL=http://127.0.0.1:0", "--FLEET_ISSUER=http://127.0.0.1:1",
        $"--FLEET_POSTGRES_TELEMETRY={database.Owner}", $"--FLEET_POSTGRES_TELEMETRY_READER={database.Reader}",
        $"--FLEET_RABBITMQ_TELEMETRY={servers.BrokerOf("telemetry")}",
    ], TestClock.Real, Telemetry.Telemetry.Module);

    private static async Task LetInAsync(OwnServers servers, ServiceDatabase database, IReadOnlyList<EdgeLoad> agents)
    {
        var since = TestClock.Real.GetUtcNow().AddDays(-1);
        ConsentSpan[] Spans(params string[] names) => [.. names.Select(name => new ConsentSpan(name, since, null))];
        await using var bus = await TestBus.StartAsync(servers.BrokerOf("fleet-admin"));
        await bus.PublishAsync(new ConsentChanged(
            Tenant, 1, Spans("fleet-management", "billing"), Spans("remote-monitoring"), Spans("identity", "counters"), since));
        foreach (var agent in agents)
            await bus.PublishAsync(agent.Enrolled);
        await Eventually.IsTrueAsync("the gate knows the consent", async () =>
            (await IdsAsync(database, $"select id from telemetry.mt_events where stream_id = 'consent/{Tenant}'")).Count > 0);
    }

    private static Task<IReadOnlyList<Guid>> StoredAsync(ServiceDatabase database) =>
        IdsAsync(database, "select id from telemetry.mt_events where type = 'meter_read'");

    private static Task<IReadOnlyList<Guid>> ProjectedAsync(ServiceDatabase database) =>
        IdsAsync(database, "select reading_id from telemetry.readings");

    private static async Task<IReadOnlyList<Guid>> IdsAsync(ServiceDatabase database, string query)
    {
        await using var connection = new NpgsqlConnection(database.Owner + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await rows.ReadAsync())
            ids.Add(rows.GetGuid(0));
        return ids;
    }
}
