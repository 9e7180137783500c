using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Fleet.Defaults;

/// <summary>
/// Traces, metrics and logs over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, else none of it runs. The further <c>OTEL_…</c> settings
/// (protocol, headers, intervals, sampler) are the exporter's own, read from where Fleet's are. Stands in for OpenTelemetry.Extensions.Hosting,
/// which the registry lacks: providers are built here, and end with the host.
/// </summary>
internal static class OpenTelemetryHost
{
    // ASP.NET Core, HttpClient, Npgsql and MassTransit emit these themselves; no instrumentation package is needed.
    private static readonly string[] Sources = ["Fleet.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "MassTransit"];
    private static readonly string[] Meters = ["Fleet.*", "Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit"];

    // What a collector that hangs may cost a stop; what it has not taken by then is lost, as it would be later.
    private const int PatienceMilliseconds = 2_000;

    public static void AddFleetTelemetry(this WebApplicationBuilder builder, string service)
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 })
            return;

        var resource = ResourceBuilder.CreateDefault().AddService(service, serviceNamespace: "fleet");
        void Settings(IServiceCollection services) => services.AddSingleton<IConfiguration>(builder.Configuration);
        builder.Logging.AddOpenTelemetry(logs => logs.SetResourceBuilder(resource).AddOtlpExporter());
        builder.Services.AddSingleton<IHostedService>(services => new Providers(
            Sdk.CreateTracerProviderBuilder().ConfigureServices(Settings).SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter().Build(),
            Sdk.CreateMeterProviderBuilder().ConfigureServices(Settings).SetResourceBuilder(resource).AddMeter(Meters).AddOtlpExporter().Build(),
            services.GetRequiredService<LoggerProvider>()));
    }

    /// <summary>Holds the providers for the host's life, and sends what is still buffered when it ends.</summary>
    private sealed class Providers(TracerProvider traces, MeterProvider metrics, LoggerProvider logs) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await Task.WhenAll(
                Task.Run(() => traces.Shutdown(PatienceMilliseconds), CancellationToken.None),
                Task.Run(() => metrics.Shutdown(PatienceMilliseconds), CancellationToken.None),
                Task.Run(() => logs.Shutdown(PatienceMilliseconds), CancellationToken.None));
            traces.Dispose();
            metrics.Dispose();
        }
    }
}
