using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.Sockets;
using Fleet.Contracts.Licensing.V1;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Defaults.Tests.Observability;

/// <summary>A service as it runs, a collector as OpenTelemetry's own receives.</summary>
[NonParallelizable]
public class ExportTests
{
    [Test]
    public async Task Traces_metrics_and_logs_arrive_under_the_services_name([Values("http/protobuf", "grpc")] string protocol)
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await RunningService.StartAsync(collector.SettingsOf(protocol), Notes.Module()))
        {
            var trace = await NoteAsync(service);
            await Eventually.IsAsync("the spans of the request and of its database", () =>
                    Task.FromResult(string.Join(", ", collector.Of("traces").SelectMany(Otlp.Spans).Where(span => span.TraceId == trace).Select(span => span.Name))),
                names => names.Contains("POST /api/v1/tenants/{t}/notes") && names.Contains("postgresql"));
            await Eventually.IsTrueAsync("metrics of the store", () => Task.FromResult(collector.Of("metrics").SelectMany(Otlp.MetricNames).Contains("fleet.eventstore.appended")));
            await Eventually.IsTrueAsync("the host's log lines", () => Task.FromResult(collector.Of("logs").SelectMany(Otlp.LogBodies).Any(body => body.Contains("Now listening", StringComparison.Ordinal))));
        }

        foreach (var signal in new[] { "traces", "metrics", "logs" })
            Assert.That(collector.Of(signal).SelectMany(request => Otlp.ResourceAttribute(request, "service.name")), Is.Not.Empty.And.All.EqualTo("fleet-licensing"), signal);
    }

    [Test]
    public async Task No_secret_is_in_anything_sent()
    {
        await using var collector = await Collector.StartAsync();
        var secrets = new List<string>();
        await using (var service = await RunningService.StartAsync(collector.Settings, Notes.Module()))
        {
            var database = service.Place.DatabaseOf("licensing");
            secrets.AddRange(new[] { database.Owner, database.Reader }.Select(connection => new NpgsqlConnectionStringBuilder(connection).Password!));
            secrets.Add(service.Place.BrokerOf("licensing").UserInfo.Split(':')[1]);
            secrets.Add(service.Tokens.For("provider-admin", ["acme"]).Split('.')[0]);       // the part all tokens begin with
            await NoteAsync(service);
            // What goes wrong talks most: poison for the log, a forged token, a table that is away.
            await service.Bus.PublishAsync(new SeatTaken(Notes.Poison, "d-0", "2026-11", 1, TestClock.Real.GetUtcNow()));
            using (var forged = service.With(service.Tokens.For("provider-admin", ["acme"]) + "x"))
                await forged.GetAsync(new Uri("/api/v1/tenants/acme/notes", UriKind.Relative));
            await LoseTableAsync(database.Owner);
            using (var http = service.As("provider-admin", "acme"))
                await http.GetAsync(new Uri("/api/v1/tenants/acme/notes", UriKind.Relative));
            await Eventually.IsTrueAsync("the poison in the logs", () => Task.FromResult(collector.Holding("cannot be handled, now or ever").Contains("/v1/logs")));
        }

        Assert.That(secrets, Has.All.Length.GreaterThan(15));
        Assert.That(collector.Holding("tenants/{t}/notes"), Is.Not.Empty, "the search finds what is there");
        Assert.That(secrets.SelectMany(collector.Holding), Is.Empty);
    }

    [Test]
    public async Task Without_the_endpoint_nothing_is_sent()
    {
        await using var collector = await Collector.StartAsync();
        await using (var service = await RunningService.StartAsync(
            [.. collector.Settings.Skip(1), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.Address + "/v1/traces")], Notes.Module()))
            await NoteAsync(service);

        Assert.That(collector.Received, Is.Empty);
    }

    [Test]
    public async Task A_collector_that_hangs_or_is_down_neither_slows_nor_stops_the_service([Values] bool hangs)
    {
        using var mute = new TcpListener(System.Net.IPAddress.Loopback, 0);
        mute.Start();                                       // takes connections, and never says a word
        var address = $"http://{mute.LocalEndpoint}";
        if (!hangs)
            mute.Stop();

        var service = await RunningService.StartAsync(
            [("OTEL_EXPORTER_OTLP_ENDPOINT", address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_BSP_SCHEDULE_DELAY", "100")],
            Notes.Module());
        await NoteAsync(service);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < 50; i++)
            await NoteAsync(service);
        var answered = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        await service.StopAsync();
        var stopped = Stopwatch.GetElapsedTime(began);
        await service.DisposeAsync();

        Assert.That(answered, Is.LessThan(TimeSpan.FromSeconds(10)), "fifty requests; one that waited for its export would take ten seconds alone");
        Assert.That(stopped, Is.LessThan(TimeSpan.FromSeconds(8)), "three exporters, each given ten seconds by default");
        await TestContext.Out.WriteLineAsync($"{answered.TotalMilliseconds:0} ms for 50 requests, {stopped.TotalMilliseconds:0} ms to stop");
    }

    /// <summary>Writes a note over the API; the trace its event says it was appended in.</summary>
    private static async Task<string> NoteAsync(RunningService service)
    {
        using var http = service.As("provider-admin", "acme");
        using var answer = await http.PostAsJsonAsync("/api/v1/tenants/acme/notes", new { text = "hello" });
        answer.EnsureSuccessStatusCode();
        await using var connection = new NpgsqlConnection(service.Place.DatabaseOf("licensing").Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select headers ->> 'traceparent' from licensing.mt_events order by seq_id desc limit 1", connection);
        return ((string)(await command.ExecuteScalarAsync())!).Split('-')[1];
    }

    private static async Task LoseTableAsync(string owner)
    {
        await using var connection = new NpgsqlConnection(owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("alter table licensing.notes rename to notes_away", connection);
        await command.ExecuteNonQueryAsync();
    }
}
