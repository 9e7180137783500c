using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Testing;
using Npgsql;
using RabbitMQ.Client;

namespace Fleet.Regions.Tests;

/// <summary>Looks for a word wherever a region could keep it: every column of every table of every schema, every message said since, every line of the log.</summary>
internal sealed class Searched : IAsyncDisposable
{
    private const string Tap = "searched-by-the-test";

    private readonly RunningService _service;
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private Searched(RunningService service, IConnection connection, IChannel channel) => (_service, _connection, _channel) = (service, connection, channel);

    /// <summary>From now on a copy of everything that passes any exchange is kept for the search.</summary>
    public static async Task<Searched> FromNowAsync(RunningService service)
    {
        var connection = await new ConnectionFactory { Uri = service.Place.BrokerOf("fleet-admin") }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Tap, durable: false, exclusive: false, autoDelete: false);
        using var management = await ManagementAsync(service);
        foreach (var exchange in await management.GetFromJsonAsync<JsonElement[]>($"api/exchanges/{service.Place.VirtualHost}") ?? [])
            if (exchange.GetProperty("name").GetString() is { Length: > 0 } name && !name.StartsWith("amq.", StringComparison.Ordinal))
                await channel.QueueBindAsync(Tap, name, "#");
        return new(service, connection, channel);
    }

    /// <summary>Where the word is; empty when it is nowhere.</summary>
    public async Task<IReadOnlyList<string>> ForAsync(string word) =>
        [.. await InRowsAsync(word), .. await InMessagesAsync(word), .. _service.Log.Lines.Where(line => line.Contains(word, StringComparison.OrdinalIgnoreCase)).Select(line => $"log: {line}")];

    /// <summary>How many rows a tenant owns in a table.</summary>
    public static async Task<long> RowsOfAsync(RunningService service, string module, string table, string tenant)
    {
        await using var source = NpgsqlDataSource.Create(service.Place.DatabaseOf(module).Owner);
        await using var command = source.CreateCommand($"select count(*) from {module}.{table} where tenant_id = $1");
        command.Parameters.Add(new() { Value = tenant });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<IReadOnlyList<string>> InRowsAsync(string word)
    {
        var superuser = (await SharedServers.StartedAsync()).Postgres;
        var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(word)); // as a bytea is written
        var found = new List<string>();
        foreach (var service in Databases.Services)
        {
            var database = new NpgsqlConnectionStringBuilder(_service.Place.DatabaseOf(service).Owner).Database;
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(superuser) { Database = database }.ConnectionString);
            foreach (var table in await TablesAsync(source))
            {
                await using var command = source.CreateCommand($"select count(*) from {table} t where t::text ilike '%' || $1 || '%' or t::text ilike '%' || $2 || '%'");
                command.Parameters.Add(new() { Value = word });
                command.Parameters.Add(new() { Value = hex });
                if ((long)(await command.ExecuteScalarAsync())! is > 0 and var rows)
                    found.Add($"{database}.{table}: {rows} rows");
            }
        }
        return found;
    }

    private static async Task<IReadOnlyList<string>> TablesAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1");
        var tables = new List<string>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            tables.Add(row.GetString(0));
        return tables;
    }

    // What passed by, and what lies in queues: their messages are looked at and put back.
    private async Task<IReadOnlyList<string>> InMessagesAsync(string word)
    {
        var found = new List<string>();
        while (await _channel.BasicGetAsync(Tap, autoAck: true) is { } message)
            if (Says(word, message.RoutingKey) || Says(word, Encoding.UTF8.GetString(message.Body.Span)))
                found.Add($"message by {message.Exchange} {message.RoutingKey}");
        using var management = await ManagementAsync(_service);
        foreach (var queue in await management.GetFromJsonAsync<JsonElement[]>($"api/queues/{_service.Place.VirtualHost}") ?? [])
        {
            var name = queue.GetProperty("name").GetString()!;
            if (Says(word, name))
                found.Add($"queue {name}");
            using var answer = await management.PostAsJsonAsync($"api/queues/{_service.Place.VirtualHost}/{Uri.EscapeDataString(name)}/get", new { count = 1000, ackmode = "ack_requeue_true", encoding = "auto" });
            if (answer.IsSuccessStatusCode && Says(word, await answer.Content.ReadAsStringAsync()))
                found.Add($"message in {name}");
        }
        return found;
    }

    private static bool Says(string word, string text) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static async Task<HttpClient> ManagementAsync(RunningService _)
    {
        var servers = await SharedServers.StartedAsync();
        var http = new HttpClient { BaseAddress = new Uri($"{servers.Broker.Management}/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(new Uri(servers.Broker.Services["fleet-admin"]).UserInfo)));
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.QueueDeleteAsync(Tap);
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
