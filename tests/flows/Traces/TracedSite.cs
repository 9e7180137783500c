using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Events;
using Fleet.Agent.Polling;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Cli.Local;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Traces;

/// <summary>The agent's own code from a fact to the broker's confirm, and the services behind it; no printers.</summary>
internal sealed class TracedSite : IAsyncDisposable
{
    private const string Secret = "thirty-two bytes that only this test knows";
    private static readonly DateTimeOffset Long = TestClock.Real.GetUtcNow().AddYears(-1);

    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-trace-").FullName;
    private AgentConfig _config = null!;
    private Spool _spool = null!;

    private TracedSite(RunningService service) => Service = service;

    public RunningService Service { get; }

    public static async Task<TracedSite> OpenAsync()
    {
        var servers = await SharedServers.StartedAsync();
        var url = $"http://127.0.0.1:{Ports.Free()}";
        var clients = Path.GetTempFileName();
        await File.WriteAllTextAsync(clients, JsonSerializer.Serialize(
            new[] { new { clientId = "acme-hq", secretHash = Cli.Local.Secret.Hash(Secret), role = "agent", tenant = "acme", site = "hq", agent = "acme-hq" } }, JsonSerializerOptions.Web));
        var site = new TracedSite(await RunningService.StartAsync(
            [("FLEET_HTTP_URL", url), ("FLEET_PUBLIC_URL", url), ("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile), ("FLEET_IDENTITY_CLIENTS", clients)],
            Identity.Identity.Module, Telemetry.Telemetry.Module, Alerting.Alerting.Module));
        File.Delete(clients);
        var secret = Path.Combine(site._directory, "secret");
        await File.WriteAllTextAsync(secret, Secret);
        site._config = new AgentConfig(
            "acme", "hq", "acme-hq", new BrokerConfig("localhost", servers.Broker.AmqpsPort, servers.Broker.CaFile, site.Service.Place.VirtualHost),
            Path.Combine(site._directory, "agent"), $"{site.Service.Address}oauth/token", "acme-hq", secret);
        site._spool = AgentRun.OpenSpool(site._config, Around());
        await site.ConsentAsync();
        return site;
    }

    /// <summary>The agent says it as it says everything: taken in, written to the spool, published, confirmed.</summary>
    public async Task SayAsync(Fact fact)
    {
        var intake = new Intake(_config, _spool, TestClock.Real, bytes => RandomNumberGenerator.Fill(bytes), Around().Log);
        intake.Say(fact, TestClock.Real.GetUtcNow());
        intake.Flush();
        await PublishAsync();
    }

    /// <summary>The same, with this header in place of the agent's own.</summary>
    public async Task SayAsync(Fact fact, string? traceParent)
    {
        var said = fact.At(TestClock.Real.GetUtcNow(), Guid.CreateVersion7(TestClock.Real.GetUtcNow()), _config.Source, _config.Tenant);
        _spool.Accept([Entry.Of(fact, said, default) with { TraceParent = traceParent }], [], TestClock.Real.GetUtcNow());
        await PublishAsync();
    }

    /// <summary>The events of a stream once there is one.</summary>
    public async Task<IReadOnlyList<IEvent>> EventsAsync(Defaults.Module module, string stream) => await Eventually.IsAsync(
        $"events in {module.Name}'s stream {stream}", async () =>
        {
            await using var session = Service.Store(module).LightweightSession("acme");
            return await session.Events.FetchStreamAsync(stream);
        },
        events => events.Count > 0);

    public async ValueTask DisposeAsync()
    {
        _spool.Dispose();
        await Service.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static Surroundings Around() => new(TestClock.Real, bytes => RandomNumberGenerator.Fill(bytes), new AgentLog(TestContext.Progress, TestClock.Real));

    private async Task PublishAsync()
    {
        var trust = ServerTrust.From(_config.Broker.CaFile);
        using var http = TokenSource.Http(trust, proxy: null);
        using var publisher = new PublishSpool(_config, _spool, new(_config, http, TestClock.Real, Around().Log, _spool.Key), trust, TestClock.Real, Around().Log);
        await publisher.RunAsync(untilEmpty: true, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task ConsentAsync()
    {
        static ConsentSpan[] Always(params string[] names) => [.. names.Select(name => new ConsentSpan(name, Long, null))];
        await Service.Bus.PublishAsync(new ConsentChanged("acme", 1, Always("fleet-management"), Always("remote-monitoring"), Always("identity", "status"), Long));
        await EventsAsync(Telemetry.Telemetry.Module, Telemetry.Consents.Consent.StreamKey("acme"));
    }
}
