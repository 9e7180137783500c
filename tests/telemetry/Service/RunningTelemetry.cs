using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Consent.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Tests.Gate;
using Fleet.Testing;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Telemetry as it runs, with an agent's way in and everybody's way out.</summary>
internal sealed class RunningTelemetry : IAsyncDisposable
{
    private RunningTelemetry(RunningService service) => (Service, Edge) = (service, AnotherEdge(service));

    public RunningService Service { get; }
    public EdgePublisher Edge { get; }
    public DocumentStore Store => Service.Store(Telemetry.Module);

    public static EdgePublisher AnotherEdge(RunningService service) => new(service.Place.BrokerOf("fleet-admin"), enrolled => service.Bus.PublishAsync(enrolled));

    /// <summary>With every consent of acme and globex.</summary>
    public static async Task<RunningTelemetry> StartAsync(params (string Key, string Value)[] settings)
    {
        var running = new RunningTelemetry(await RunningService.StartAsync(settings, Telemetry.Module));
        await running.ConsentAsync("acme");
        await running.ConsentAsync("globex");
        return running;
    }

    public async Task ConsentAsync(string tenant, long version = 1)
    {
        ConsentSpan[] Always(params string[] names) => [.. names.Select(name => new ConsentSpan(name, Samples.Noon.AddYears(-2), null))];
        await Service.Bus.PublishAsync(new ConsentChanged(tenant, version, Always("fleet-management", "billing"), Always("remote-monitoring"), Always(GateWorld.AllGroups), Samples.Noon));
        await Eventually.IsTrueAsync($"{tenant}'s consent to be known", async () => await StateAsync<Consent>(tenant, Consent.StreamKey(tenant)) is { } known && known.Version >= version);
    }

    /// <summary>Publishes and waits until the gate has decided on the agent's last one and every view shows it.</summary>
    public async Task ReceiveAsync(Site site, params EdgeDelivery[] deliveries)
    {
        foreach (var delivery in deliveries)
            await Edge.PublishAsync(delivery);
        await HeardAsync(site);
    }

    public async Task HeardAsync(Site site)
    {
        await Eventually.IsTrueAsync($"batches up to {site.Sequence} of {site.Agent}", async () =>
            await AgentAsync(site) is { } agent && agent.Highest >= site.Sequence && agent.Missing.IsEmpty, TimeSpan.FromSeconds(90));
        await Service.SettledAsync();
    }

    public Task<Agent?> AgentAsync(Site site) => StateAsync<Agent>(site.Tenant, Agent.StreamKey($"{site.Name}/{site.Agent}"));

    public async Task<JsonElement> GetAsync(string path, params string[] tenants)
    {
        using var http = Service.As("technician", tenants.Length > 0 ? tenants : ["acme"]);
        return await http.GetFromJsonAsync<JsonElement>(path);
    }

    public async Task<JsonElement[]> ItemsAsync(string path, params string[] tenants) =>
        [.. (await GetAsync(path, tenants)).GetProperty("items").EnumerateArray()];

    private async Task<TState?> StateAsync<TState>(string tenant, string stream)
        where TState : class
    {
        await using var session = Store.LightweightSession(tenant);
        return await session.Events.AggregateStreamAsync<TState>(stream);
    }

    public async ValueTask DisposeAsync()
    {
        await Edge.DisposeAsync();      // bounded, and throws nothing
        await Service.DisposeAsync();
    }
}
