using Fleet.Cli.Broker;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>What the services connect to, whoever runs it.</summary>
public sealed record Backing(IReadOnlyList<ServiceDatabase> Databases, BrokerDoors Broker);

/// <param name="Services">Service → amqp:// address with its login.</param>
/// <param name="Agents">Where agents find the broker's TLS port, and the PEM of its authority.</param>
public sealed record BrokerDoors(IReadOnlyDictionary<string, string> Services, AgentDoor Agents, QueueCounts Counts);

/// <summary>A broker whose addresses are known; <paramref name="Answers"/> ends when it serves, or says why it never will.</summary>
public sealed record StartingBroker(BrokerDoors Doors, Task Answers);

public sealed record AgentDoor(string Host, int Port, string CaFile);

/// <summary>PostgreSQL and RabbitMQ as private instances from this machine's binaries.</summary>
public static class PrivateServers
{
    public static async Task<IReadOnlyList<ServiceDatabase>> PostgresAsync(
        StateDirectory directory, PortPlan ports, TimeProvider clock, Action<string> progress, Action<RecordedProcess> record, CancellationToken stop)
    {
        var server = await LocalPostgres.StartAsync(directory.Postgres, ports.Postgres, clock, progress,
            process => record(new("postgres", process, Path.Combine(directory.Postgres, "postgres.log"))), stop);
        return await DatabasesAsync(server.ConnectionString, directory, progress, stop);
    }

    public static async Task<IReadOnlyList<ServiceDatabase>> DatabasesAsync(
        string superuser, StateDirectory directory, Action<string> progress, CancellationToken stop)
    {
        progress("PostgreSQL: roles and databases");
        return await Databases.CreateAsync(superuser, role => PrivateFile.ReadOrCreate(directory.SecretOf(role), Secret.New), Databases.Services, stop: stop);
    }

    /// <summary>Returns once its processes run; it takes seconds more until it answers.</summary>
    public static async Task<StartingBroker> RabbitMqAsync(
        StateDirectory directory, PortPlan ports, BrokerTrust trust, TimeProvider clock, Action<string> progress, Action<RecordedProcess> record, CancellationToken stop)
    {
        var users = BrokerUsers(directory);
        var server = await LocalRabbitMq.LaunchAsync(directory.RabbitMq, ports.RabbitMq, trust, users, clock, progress,
            (name, process) => record(new(name, process, Path.Combine(directory.RabbitMq, LocalRabbitMq.LogName))));
        var doors = new BrokerDoors(
            users.ToDictionary(user => user.Name, server.UriOf), new("localhost", ports.Amqps, trust.Certificates.CaFile),
            new(new Uri($"http://127.0.0.1:{ports.RabbitMq.Management}"), users.Single(user => user.Tags.Length > 0).Login));
        return new(doors, server.AnswersAsync(stop));
    }

    public static IReadOnlyList<BrokerUser> BrokerUsers(StateDirectory directory) =>
    [
        BrokerUser.Administrator(PrivateFile.ReadOrCreate(directory.SecretOf("rabbitmq_fleet-admin"), Secret.New)),
        .. Databases.Services.Select(service => BrokerUser.Service(service, PrivateFile.ReadOrCreate(directory.SecretOf($"rabbitmq_{service}"), Secret.New)))
    ];
}
