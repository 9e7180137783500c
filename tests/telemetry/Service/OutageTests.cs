using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Edge;
using Fleet.Testing;
using Npgsql;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Connections break in the middle of everything; the ledger of what was sent and what is kept is even. (The servers themselves die in tests/faults.)</summary>
public class OutageTests
{
    private const int Sites = 3, Batches = 60, ReadingsInBatch = 5;

    [Test, CancelAfter(180_000)]
    public async Task Broken_connections_lose_nothing_and_double_nothing(CancellationToken limit)
    {
        await using var telemetry = await RunningTelemetry.StartAsync();
        var sites = Enumerable.Range(1, Sites).Select(i => new Site("acme", $"s{i}", $"agent-{i}")).ToList();
        var edges = sites.Select(_ => RunningTelemetry.AnotherEdge(telemetry.Service)).ToList();

        var (ended, publishes) = (0, 0);
        for (var batch = 1; batch <= Batches; batch++)
        {
            var sending = Task.WhenAll(sites.Select((site, i) => edges[i].PublishUntilConfirmedAsync(Batch(site, batch))));
            if (batch % 10 == 0)
                ended += await BreakDatabaseAsync(telemetry, limit) + await BreakBrokerAsync(telemetry, limit);
            publishes += (await sending.WaitAsync(limit)).Sum();
        }
        await Task.WhenAll(sites.Select(telemetry.HeardAsync)).WaitAsync(limit);

        var kept = new List<string?>();
        foreach (var device in await telemetry.ItemsAsync("/api/v1/tenants/acme/devices"))
            kept.AddRange((await telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{device.GetProperty("id").GetString()}/readings?limit=1000"))
                .Select(r => r.GetProperty("readingId").GetString()));
        var sent = sites.SelectMany(site => Enumerable.Range(1, Batches * ReadingsInBatch).Select(n => site.IdOf(n).ToString()));
        await TestContext.Out.WriteLineAsync($"{ended} connections ended; {Sites * Batches} batches took {publishes} publishes; {kept.Count} readings kept");
        Assert.That(kept, Is.EquivalentTo(sent));
        Assert.That(ended, Is.GreaterThan(Batches / 10), "the test broke nothing");
        foreach (var edge in edges)
            await edge.DisposeAsync();
    }

    private static EdgeDelivery Batch(Site site, int number)
    {
        var device = new DeviceRef(site.Name, "Fault", site.Name);
        return site.SendsAt(Noon.AddMinutes(number), [.. Enumerable.Range(0, ReadingsInBatch).Select(i => Meter(number * 100 + i, device))]);
    }

    private static async Task<int> BreakDatabaseAsync(RunningTelemetry telemetry, CancellationToken limit)
    {
        var database = new NpgsqlConnectionStringBuilder(telemetry.Service.Place.DatabaseOf("telemetry").Owner).Database;
        await using var connection = new NpgsqlConnection((await SharedServers.StartedAsync()).Postgres);
        await connection.OpenAsync(limit);
        await using var command = new NpgsqlCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1", connection)
        { Parameters = { new() { Value = database } } };
        return (int)(long)(await command.ExecuteScalarAsync(limit))!;
    }

    // Everybody's: the service's, the agents', in the middle of a publish or a delivery.
    private static async Task<int> BreakBrokerAsync(RunningTelemetry telemetry, CancellationToken limit)
    {
        var servers = await SharedServers.StartedAsync();
        using var management = new HttpClient { BaseAddress = new Uri($"{servers.Broker.Management}/") };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(new Uri(servers.Broker.Services["fleet-admin"]).UserInfo)));
        var connections = await ConnectionsAsync(management, telemetry.Service.Place.VirtualHost);
        foreach (var connection in connections)
            using (await management.DeleteAsync($"api/connections/{Uri.EscapeDataString(connection)}", limit))
            {
                // gone already is as good
            }
        return connections.Length;
    }

    // The management API stumbles over connections that end while it lists them.
    private static Task<string[]> ConnectionsAsync(HttpClient management, string virtualHost) =>
        Eventually.IsAsync("the broker's list of connections", async () =>
        {
            using var answer = await management.GetAsync($"api/vhosts/{virtualHost}/connections");
            return answer.IsSuccessStatusCode
                ? (await answer.Content.ReadFromJsonAsync<JsonElement[]>())!.Select(c => c.GetProperty("name").GetString()!).ToArray()
                : [];
        }, names => names.Length > 0);
}
