using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Fleet.Testing;

namespace Fleet.Faults.Tests;

/// <summary>A PostgreSQL and a RabbitMQ of the test's own, to kill with signal 9 and start again where they were.</summary>
internal sealed class OwnServers : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-faults-").FullName;
    private readonly int _postgresPort = Ports.Free();
    private readonly RabbitMqPorts _rabbitPorts = RabbitMqPorts.Free();
    private readonly BrokerUser[] _users =
        [BrokerUser.Administrator(Secret.New()), .. Databases.Services.Select(service => BrokerUser.Service(service, Secret.New()))];

    private LocalPostgres? _postgres;
    private LocalRabbitMq? _rabbit;

    public SigningKey Key => SigningKey.Open(Path.Combine(_directory, "signing-key.pem"));

    public static async Task<OwnServers> StartAsync()
    {
        var servers = new OwnServers();
        await Task.WhenAll(servers.StartPostgresAsync(), servers.StartRabbitMqAsync());
        return servers;
    }

    public string Postgres => _postgres!.ConnectionString;

    public Uri BrokerOf(string user) => new(_rabbit!.UriOf(_users.Single(u => u.Name == user)));

    public async Task StartPostgresAsync() =>
        _postgres = await LocalPostgres.StartAsync(Path.Combine(_directory, "postgres"), _postgresPort, TestClock.Real);

    public async Task StartRabbitMqAsync() => _rabbit = await LocalRabbitMq.StartAsync(
        Path.Combine(_directory, "rabbitmq"), _rabbitPorts, new BrokerTrust(DevCertificates.Open(_directory, TestClock.Real), Key), _users, TestClock.Real);

    public void KillPostgres() => Signals.Send(_postgres!.Process, Signal.Kill);

    public void KillRabbitMq()
    {
        Signals.Send(_rabbit!.Broker, Signal.Kill);
        Signals.Send(_rabbit.PortMapper, Signal.Kill);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rabbit is not null)
            await _rabbit.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
