using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults.Tests.Observability;

/// <summary>A receiver of OTLP, over http/protobuf and over gRPC, that keeps what it is sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public IReadOnlyList<(string Path, byte[] Body)> Received => [.. _received];

    /// <param name="signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
    public IEnumerable<byte[]> Of(string signal) => _received.Where(request => request.Path == $"/v1/{signal}").Select(request => request.Body);

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        var collector = new Collector(app);
        // gRPC: five bytes of frame before the message, the status in the trailer.
        app.MapPost("/opentelemetry.proto.collector.{signal}.v1.{service}/Export", async (string signal, HttpContext http) =>
        {
            var body = await BodyAsync(http);
            collector._received.Enqueue(($"/v1/{signal switch { "trace" => "traces", var other => other }}", body[5..]));
            http.Response.ContentType = "application/grpc";
            http.Response.AppendTrailer("grpc-status", "0");
            await http.Response.Body.WriteAsync(new byte[5]);
        });
        app.MapPost("/{**path}", async (HttpContext http) =>
        {
            collector._received.Enqueue((http.Request.Path, await BodyAsync(http)));
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return collector;
    }

    /// <summary>The signals a text occurs in, byte for byte.</summary>
    public IReadOnlyList<string> Holding(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. _received.Where(request => request.Body.AsSpan().IndexOf(bytes) >= 0).Select(request => request.Path).Distinct()];
    }

    /// <summary>What a service is told to export here, soon.</summary>
    public IEnumerable<(string, string)> Settings => SettingsOf("http/protobuf");

    /// <param name="protocol"><c>grpc</c> or <c>http/protobuf</c>, as <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> has it.</param>
    public IEnumerable<(string, string)> SettingsOf(string protocol) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", protocol == "grpc" ? _app.Urls.Last() : Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"), ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
    ];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        return body.ToArray();
    }
}
