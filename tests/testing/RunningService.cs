using System.Net.Http.Headers;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Testing;

/// <summary>
/// Modules hosted as in production (FleetHost) on a free port, with databases, vhost and token issuer of their own.
/// <code>
/// await using var service = await RunningService.StartAsync(Telemetry.Module);
/// using var http = service.As("technician", "acme");
/// </code>
/// </summary>
public sealed class RunningService : IAsyncDisposable
{
    // With views and announcements: a publish that a broken connection has swallowed is left behind after 35 s, and made again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // With a start; and a service's own with a stop, after which it leaves behind what does not end.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60), OwnPatience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;

    private RunningService(WebApplication app, TestPlace place, TestTokens tokens, TestBus bus, TestClock clock) =>
        (_app, Place, Tokens, Bus, Clock) = (app, place, tokens, bus, clock);

    public TestPlace Place { get; }
    public TestTokens Tokens { get; }

    /// <summary>The broker as the other services see it: publish their messages, hear what these modules announce.</summary>
    public TestBus Bus { get; }

    /// <summary>In the consent service's place, where it does not run.</summary>
    public ConsentDesk? Desk { get; private set; }

    public TestClock Clock { get; }

    /// <summary>All it has logged.</summary>
    public HeardLog Log { get; } = new();

    public Uri Address => new(_app.Urls.First());

    /// <summary>Only with the setting FLEET_GRPC_URL, e.g. <c>http://127.0.0.1:0</c>.</summary>
    public Uri GrpcAddress => new(_app.Urls.ElementAt(1));

    public static Task<RunningService> StartAsync(params Module[] modules) => StartAsync([], modules);

    /// <param name="settings">Further settings, <c>FLEET_…</c>; they win over the place's own.</param>
    public static Task<RunningService> StartAsync(IEnumerable<(string Key, string Value)> settings, params Module[] modules) => StartAsync(_ => settings, modules);

    /// <param name="settings">The same, for those that depend on the place: another way to its broker or databases.</param>
    public static async Task<RunningService> StartAsync(Func<TestPlace, IEnumerable<(string Key, string Value)>> settings, params Module[] modules)
    {
        var servers = await SharedServers.StartedAsync();
        var place = await TestPlace.OpenAsync(servers, [.. modules.Select(module => module.Name)]);
        var tokens = await TestTokens.StartAsync(servers.Broker.SigningKeyFile, servers.Broker.KeyId);
        var bus = await TestBus.StartAsync(place.BrokerOf("fleet-admin"));
        var clock = new TestClock();

        (string Key, string Value)[] own = [("FLEET_HTTP_URL", "http://127.0.0.1:0"), ("FLEET_ISSUER", tokens.Issuer), ("FLEET_CONSENT_KEY", servers.Broker.SigningKeyFile), ("FLEET_IDENTITY_PEOPLE_KEY", servers.Broker.SigningKeyFile), ("FLEET_PASSWORD_ITERATIONS", "10000"), .. place.Settings];
        var app = FleetHost.Build([.. own.Concat(settings(place)).Select(setting => $"--{setting.Key}={setting.Value}")], clock, modules);
        var service = new RunningService(app, place, tokens, bus, clock);
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(service.Log);
        tokens.Allowing = new AllowedTenants(place, modules).Allow;
        try
        {
            if (modules.All(module => module.Name != "consent") && modules.Any(module => module.Name == "telemetry"))
                service.Desk = await ConsentDesk.StartAsync(place.BrokerOf("fleet-admin"), clock);
            await Ending.OneAsync($"the start of {string.Join(", ", modules.Select(module => module.Name))}", app.StartAsync(), StartPatience);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with a token of this role for these tenants; no role: no token.</summary>
    public HttpClient As(string role, params string[] tenants) => With(Tokens.For(role, tenants));

    public HttpClient AsProvider(string role, string provider, params string[] tenants) => With(Tokens.For(role, tenants, provider));

    /// <summary>The same, for tests of what a tenant has to allow: it allows what it said, and nothing else.</summary>
    public HttpClient AsUnallowed(string role, string? provider, params string[] tenants) => With(Tokens.For(role, tenants, provider, allowed: false));

    public HttpClient With(string? token = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public ModuleContext Context(Module module) => Running(module).Context;

    public DocumentStore Store(Module module) => Running(module).Context.Store;

    /// <summary>Returns when every view and announcement has caught up with what was committed before the call.</summary>
    public async Task SettledAsync()
    {
        foreach (var module in _app.Services.GetServices<RunningModule>())
            await module.Daemon.WaitForNonStaleDataAsync(Patience);
    }

    /// <summary>What a module tells whole is told again, as it is a minute after each start.</summary>
    public Task RetellAsync(Module module) => Running(module).Retelling.TellAsync(CancellationToken.None);

    /// <summary>What was refused until now is written, as it is each minute.</summary>
    public async Task RecordRefusalsAsync()
    {
        foreach (var module in _app.Services.GetServices<RunningModule>())
            await module.Recording.WriteAsync(CancellationToken.None);
    }

    /// <summary>The graceful stop, as on SIGTERM; what it left on broker and database can still be looked at.</summary>
    /// <param name="hurry">Its patience is over.</param>
    public Task StopAsync(CancellationToken hurry = default) => _app.StopAsync(hurry);

    public async ValueTask DisposeAsync() => await Ending.AllAsync(
        ("the service's stop", StopWellAsync),
        ("the service's disposal", () => _app.DisposeAsync().AsTask()),
        ("the stop of the consent desk", () => Desk?.DisposeAsync().AsTask() ?? Task.CompletedTask),
        ("the stop of the test's bus", () => Bus.DisposeAsync().AsTask()),
        ("the stop of the token issuer", () => Tokens.DisposeAsync().AsTask()),
        ("the removal of databases and vhost", () => Place.DisposeAsync().AsTask()));

    // It stops in any case; but in a test that did not ask for it, nothing may have been left behind.
    private async Task StopWellAsync()
    {
        var began = TestClock.Real.GetTimestamp();
        await _app.StopAsync();
        if (TestClock.Real.GetElapsedTime(began) > OwnPatience)
            throw new TimeoutException($"The service stopped only because its {OwnPatience.TotalSeconds:0} s of patience were over; its log names what it left behind");
    }

    private RunningModule Running(Module module) => _app.Services.GetServices<RunningModule>().Single(running => running.Context.Module == module);
}
