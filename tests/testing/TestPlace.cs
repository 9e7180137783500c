using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Npgsql;

namespace Fleet.Testing;

/// <summary>
/// A corner of the shared servers for one test: databases and roles as <c>./fleet up</c> makes them, and a broker vhost with the
/// services' rights in it. Nobody else sees it, and nothing of it is left.
/// </summary>
public sealed class TestPlace : IAsyncDisposable
{
    private readonly TestServers _servers;
    private readonly IReadOnlyList<ServiceDatabase> _databases;
    private readonly string _name;

    private TestPlace(TestServers servers, string name, IReadOnlyList<ServiceDatabase> databases) =>
        (_servers, _name, _databases) = (servers, name, databases);

    public string VirtualHost => _name;

    /// <summary>amqp:// address of a login (<c>telemetry</c>, …, or <c>fleet-admin</c>) in this place's vhost.</summary>
    public Uri BrokerOf(string login) => new UriBuilder(_servers.Broker.Services[login]) { Path = _name }.Uri;

    public ServiceDatabase DatabaseOf(string service) => _databases.Single(database => database.Service == service);

    /// <summary>What a host of these services reads from its environment.</summary>
    public IEnumerable<(string Key, string Value)> Settings => _databases.SelectMany(database => new[]
    {
        ("FLEET_RABBITMQ_VHOST", _name),
        ($"FLEET_POSTGRES_{database.Service.ToUpperInvariant()}", database.Owner),
        ($"FLEET_POSTGRES_{database.Service.ToUpperInvariant()}_READER", database.Reader),
        ($"FLEET_RABBITMQ_{database.Service.ToUpperInvariant()}", BrokerOf(database.Service).ToString()),
    });

    public static async Task<TestPlace> OpenAsync(TestServers servers, IReadOnlyCollection<string> services)
    {
        var name = $"t{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
        var databases = Databases.CreateAsync(servers.Postgres, _ => Secret.New(), services, prefix: name);
        await OpenVirtualHostAsync(servers, name);
        return new(servers, name, await databases);
    }

    public async ValueTask DisposeAsync()
    {
        using (var broker = Management(_servers))
            (await broker.DeleteAsync($"api/vhosts/{_name}")).EnsureSuccessStatusCode();

        await using var postgres = NpgsqlDataSource.Create(_servers.Postgres);
        foreach (var database in _databases.Select(d => new NpgsqlConnectionStringBuilder(d.Owner).Database))
            foreach (var statement in new[] { $"drop database {database} with (force)", $"drop role {database}_reader", $"drop role if exists {database}_auditor", $"drop role {database}" })
            {
                await using var command = postgres.CreateCommand(statement);
                await command.ExecuteNonQueryAsync();
            }
    }

    private static async Task OpenVirtualHostAsync(TestServers servers, string name)
    {
        using var broker = Management(servers);
        await PutAsync(broker, $"api/vhosts/{name}", new { });
        foreach (var exchange in new[] { Definitions.EdgeExchange, Definitions.ControlExchange })
            await PutAsync(broker, $"api/exchanges/{name}/{exchange}", new { type = "topic", durable = true });
        await Task.WhenAll(MessageExchanges.All.Select(exchange => PutAsync(broker, $"api/exchanges/{name}/{exchange}", new { type = MessageExchanges.Type, durable = true })));
        foreach (var service in Databases.Services)
        {
            var rights = BrokerUser.Service(service, "");
            await PutAsync(broker, $"api/permissions/{name}/{service}", new { configure = rights.Configure, write = rights.Write, read = rights.Read });
        }
        await PutAsync(broker, $"api/permissions/{name}/fleet-admin", new { configure = ".*", write = ".*", read = ".*" });
    }

    private static async Task PutAsync(HttpClient broker, string path, object body)
    {
        using var answer = await broker.PutAsJsonAsync(path, body);
        if (answer.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.NoContent))
            throw new InvalidOperationException($"The broker answered {(int)answer.StatusCode} to PUT {path}: {await answer.Content.ReadAsStringAsync()}");
    }

    private static HttpClient Management(TestServers servers)
    {
        var login = new Uri(servers.Broker.Services["fleet-admin"]).UserInfo;
        var client = new HttpClient { BaseAddress = new Uri($"{servers.Broker.Management}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        return client;
    }
}
