using System.Text.Json;
using Fleet.Cli.Broker;
using Fleet.Cli.Local;

namespace Fleet.Cli.Testing;

/// <summary>Where a test broker is and what opens it; the JSON of FLEET_TEST_RABBITMQ.</summary>
/// <param name="Services">Service name → amqp:// address with its login, vhost <c>fleet</c>. <c>fleet-admin</c> is the administrator.</param>
/// <param name="AmqpsPort">TLS port on localhost for agents.</param>
/// <param name="CaFile">PEM of the authority of that port's certificate.</param>
/// <param name="SigningKeyFile">PKCS#8 PEM (P-256) of the key whose ES256 tokens the broker accepts.</param>
/// <param name="KeyId">`kid` to put in their head.</param>
/// <param name="Management">http:// address of the management API.</param>
/// <param name="Pid">The broker's process, for tests that kill it.</param>
public sealed record TestBroker(
    IReadOnlyDictionary<string, string> Services, int AmqpsPort, string CaFile, string SigningKeyFile, string KeyId, string Management, int Pid);

/// <summary>The RabbitMQ tests run against: the one `./fleet test` hands over in FLEET_TEST_RABBITMQ, else a private one that ends with the test.</summary>
public sealed class TestRabbitMq(TestBroker broker, LocalRabbitMq? own, string? directory) : IAsyncDisposable
{
    public const string Variable = "FLEET_TEST_RABBITMQ";

    public TestBroker Broker => broker;

    public static async Task<TestRabbitMq> OpenAsync(TimeProvider clock)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return new(JsonSerializer.Deserialize<TestBroker>(given, JsonSerializerOptions.Web)!, null, null);
        var directory = Directory.CreateTempSubdirectory("fleet-test-rabbitmq-").FullName;
        var (own, broker) = await StartAsync(directory, clock);
        return new(broker, own, directory);
    }

    /// <summary>Starts one with fresh keys and logins.</summary>
    public static async Task<(LocalRabbitMq Server, TestBroker Broker)> StartAsync(string directory, TimeProvider clock)
    {
        var trust = new BrokerTrust(DevCertificates.Open(directory, clock), SigningKey.Open(Path.Combine(directory, "signing-key.pem")));
        BrokerUser[] users = [BrokerUser.Administrator(Secret.New()), .. Databases.Services.Select(service => BrokerUser.Service(service, Secret.New()))];
        var server = await LocalRabbitMq.StartAsync(Path.Combine(directory, "rabbitmq"), RabbitMqPorts.Free(), trust, users, clock);
        return (server, new TestBroker(
            users.ToDictionary(user => user.Name, server.UriOf), server.Ports.Amqps, trust.Certificates.CaFile, trust.Tokens.PrivateFile, trust.Tokens.KeyId,
            $"http://127.0.0.1:{server.Ports.Management}", server.Broker.Pid));
    }

    public async ValueTask DisposeAsync()
    {
        if (own is null)
            return;
        await own.DisposeAsync();
        Directory.Delete(directory!, recursive: true);
    }
}
