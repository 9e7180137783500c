using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Testing;

namespace Fleet.Integration.Tests;

/// <summary>The integration service as it runs, with its gRPC port.</summary>
public abstract class IntegrationFixture
{
    protected static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    protected RunningService Service { get; private set; } = null!;
    protected string GrpcAddress => Service.GrpcAddress.Authority;

    [OneTimeSetUp]
    public async Task StartAsync() => Service = await RunningService.StartAsync([("FLEET_GRPC_URL", "http://127.0.0.1:0")], Integration.Module);

    [OneTimeTearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    protected static DeviceDescribed Device(string tenant, string device) =>
        new(tenant, device, "hq", "Kyocera", "P2040dn", "VXF1234567", null, null, null, null, null, Noon);

    protected static AcceptedReading Reading(string device, Guid? id = null) => new(
        id ?? Guid.CreateVersion7(Noon), device, "hq", Noon, Noon.AddSeconds(2), "kyocera/3", [new("total", 7342, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1")]);

    /// <summary>Devices described over the bus, one after the other, each readable before the next.</summary>
    protected async Task<IReadOnlyList<JsonNode>> DescribeAsync(string tenant, int count, string prefix = "d")
    {
        using var http = Service.As("integrator", tenant);
        var before = (await AllAsync(http)).Count;
        for (var i = 0; i < count; i++)
        {
            await Service.Bus.PublishAsync(Device(tenant, $"{prefix}{i}"));
            var wanted = before + i + 1;
            await Eventually.IsAsync($"event {wanted} of {tenant}", () => AllAsync(http), events => events.Count == wanted);
        }
        return [.. (await AllAsync(http)).Skip(before)];
    }

    protected static async Task<JsonNode> PageAsync(HttpClient http, string query)
    {
        var answer = await http.GetAsync($"/api/v1/events{query}");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), query);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>Page after page to the end.</summary>
    protected static async Task<IReadOnlyList<JsonNode>> AllAsync(HttpClient http, string query = "", int limit = 1000)
    {
        var (all, after) = (new List<JsonNode>(), "");
        do
        {
            var page = await PageAsync(http, $"?limit={limit}&after={after}{query}");
            all.AddRange(page["items"]!.AsArray().Select(item => item!));
            after = page["next"]?.GetValue<string>();
        }
        while (after is not null);
        return all;
    }

    protected static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
