using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Alerting.Alerts;
using Fleet.Testing;

namespace Fleet.Alerting.Tests;

/// <summary>The alerting service as it runs, with databases and broker of its own.</summary>
public abstract class AlertingFixture
{
    protected RunningService Service { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Service = await RunningService.StartAsync(Alerting.Module);

    [OneTimeTearDown]
    public async Task StopAsync() => await Service.DisposeAsync();

    protected static string IdOf(string tenant, string device, int episode = 1) => AlertId.Of(tenant, device, "supply-1.1", episode);

    /// <summary>A device says over the bus that its toner is low; returns once the alert can be read.</summary>
    protected async Task<string> RaiseAsync(string tenant, string device, int minute = 0)
    {
        await Service.Bus.PublishAsync(Say.Toner(minute, 9, device: device, tenant: tenant));
        using var http = Service.As("technician", tenant);
        var id = IdOf(tenant, device);
        await Eventually.IsTrueAsync($"alert {id} of {device}", async () => (await http.GetAsync($"/api/v1/alerts/{id}")).IsSuccessStatusCode);
        return id;
    }

    /// <summary>Episodes written straight into the store, by one writer: what a busy day looks like to a reader.</summary>
    protected async Task AppendAsync(string tenant, string device)
    {
        await using var session = Service.Store(Alerting.Module).LightweightSession(tenant);
        session.Events.Append(Alert.Key(device, "supply-1.1"), Say.Hear(Say.Toner(0, 9, device: device, tenant: tenant)).Cast<object>().ToArray());
        await session.SaveChangesAsync();
    }

    protected static async Task<JsonNode> JsonAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonNode>())!;
}
