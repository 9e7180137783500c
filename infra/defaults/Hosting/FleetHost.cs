using System.CommandLine;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults;

/// <summary>One process with one or many modules on one origin.</summary>
public static class FleetHost
{
    // The shutdown order below must fit: finish what is in hand, then go.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // No write of this API needs more; a larger body is refused before it is read.
    private const long LargestBody = 4 * 1024 * 1024;

    /// <summary>The command line of a service: without words it serves until told to stop; <c>schema</c> prints its SQL; <c>--help</c> says so.</summary>
    /// <returns>The exit code: 0 well, 1 a wrong command line.</returns>
    public static Task<int> RunAsync(string[] args, TimeProvider clock, params Module[] modules)
    {
        var root = new RootCommand($"Fleet: {string.Join(", ", modules.Select(module => module.Name))}. Settings come from FLEET_ variables; see infra/defaults/README.md")
        {
            PrintSchema.Build(modules, clock), TenantCommand.Build(modules, clock)
        };
        root.SetAction(async (_, _) =>
        {
            await using var app = Build([], clock, modules);
            await app.RunAsync();
        });
        // The host itself stops on a signal, in order; and says in its log what it died of.
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    /// <summary>The host, not yet started, for tests that start and stop it.</summary>
    public static WebApplication Build(string[] args, TimeProvider clock, params Module[] modules)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        // Containers mount what `./fleet` passes as environment: one JSON object of the same keys.
        if (builder.Configuration["FLEET_SETTINGS"] is { Length: > 0 } file)
            builder.Configuration.AddJsonFile(file);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddSingleton(clock);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;      // a number in quotes is a text
        });
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, builder.Configuration["FLEET_HTTP_URL"], builder.Configuration["FLEET_GRPC_URL"]));
        builder.Services.AddFleetTokens(builder.Configuration);
        builder.Services.AddFleetProblems();
        builder.Services.AddFleetOpenApi(modules);
        builder.AddFleetTelemetry(modules.Length == 1 ? $"fleet-{modules[0].Name}" : "fleet");
        builder.Services.AddSingleton<MetricsText>();

        foreach (var module in modules)
            builder.Services.AddSingleton(services => new RunningModule(
                module, builder.Configuration, clock, services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService<ModuleRunner>();

        var app = builder.Build();
        _ = app.Services.GetRequiredService<MetricsText>();     // counts from now on, not from the first scrape
        app.UseRequestSpans();
        app.UseFleetProblems();
        app.UseRegions();
        app.Use(Rewindable);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRefusalNotes();
        app.UseRegionsOfCallers();
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json");
        foreach (var running in app.Services.GetServices<RunningModule>())
        {
            var routes = app.MapGroup("").WithTags(running.Context.Module.Name).WithMetadata(running);
            foreach (var map in running.Context.Module.Routes)
                map(routes, running.Context);
        }
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, string? http, string? grpc)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        var (address, port) = Endpoint(http ?? "http://127.0.0.1:8080");
        kestrel.Listen(address, port);
        if (grpc is null)
            return;
        // Clear-text HTTP/2 cannot share a port with HTTP/1.1 (no ALPN to tell them apart).
        (address, port) = Endpoint(grpc);
        kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http2);
    }

    private static (System.Net.IPAddress Address, int Port) Endpoint(string url)
    {
        var uri = new Uri(url.Replace("//+", "//0.0.0.0", StringComparison.Ordinal).Replace("//*", "//0.0.0.0", StringComparison.Ordinal));
        return (uri.Host == "localhost" ? System.Net.IPAddress.Loopback : System.Net.IPAddress.Parse(uri.Host), uri.Port);
    }

    // An Idempotency-Key is compared by the whole body, which is read after the route has bound it.
    private static Task Rewindable(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.ContainsKey(Idempotency.Header))
            http.Request.EnableBuffering();
        return next(http);
    }
}
