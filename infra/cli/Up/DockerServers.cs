using System.Globalization;
using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Npgsql;

namespace Fleet.Cli.Up;

/// <summary>PostgreSQL and RabbitMQ as containers on the host's loopback, their data in the state directory.</summary>
public static class DockerServers
{
    // Overridable, for machines that can only reach their own registry.
    private static string PostgresImage => Environment.GetEnvironmentVariable("FLEET_POSTGRES_IMAGE") ?? "postgres:15";
    private static string RabbitMqImage => Environment.GetEnvironmentVariable("FLEET_RABBITMQ_IMAGE") ?? "rabbitmq:3.10-management";

    // Nobody but the engine gets to it: the directories above are closed.
    private const UnixFileMode AnyUser = PrivateFile.DirectoryMode
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static async Task<IReadOnlyList<ServiceDatabase>> PostgresAsync(
        StateDirectory directory, PortPlan ports, TimeProvider clock, Action<string> progress, Action<string> record, CancellationToken stop)
    {
        Ports.Require(ports.Postgres, "PostgreSQL");
        var name = Number("fleet-postgres", ports.Http);
        var password = PrivateFile.ReadOrCreate(directory.SecretOf("postgres"), Secret.New);
        var data = PrivateFile.CreateDirectory(directory.Postgres);
        progress($"PostgreSQL: container {name} of {PostgresImage}");
        record(name);
        await Containers.RunAsync(name,
        [
            "--publish", Number("127.0.0.1", ports.Postgres, ':') + ":5432", "--volume", $"{data}:/var/lib/postgresql/data",
            "--env", $"POSTGRES_USER={LocalPostgres.Superuser}", "--env", $"POSTGRES_PASSWORD={password}", "--env", "POSTGRES_DB=postgres", PostgresImage
        ]);
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = ports.Postgres,
            Username = LocalPostgres.Superuser,
            Password = password,
            Database = "postgres",
            Timeout = 5
        }.ConnectionString;
        if (!await Wait.UntilAsync(() => LocalPostgres.AnswersAsync(connection, stop), TimeSpan.FromSeconds(60), clock, stop))
            throw new FleetException("PostgreSQL did not start", $"container {name}", $"look at docker logs {name}");
        return await PrivateServers.DatabasesAsync(connection, directory, progress, stop);
    }

    public static async Task<BrokerDoors> RabbitMqAsync(
        StateDirectory directory, PortPlan ports, BrokerTrust trust, TimeProvider clock, Action<string> progress, Action<string> record, CancellationToken stop)
    {
        ports.RabbitMq.Require();
        var name = Number("fleet-rabbitmq", ports.Http);
        var users = PrivateServers.BrokerUsers(directory);
        File.SetUnixFileMode(PrivateFile.CreateDirectory(directory.RabbitMq), PrivateFile.DirectoryMode); // what is below is open to the container's user
        var files = PrivateFile.CreateDirectory(Path.Combine(directory.RabbitMq, "container"));
        LocalRabbitMq.WriteFiles(files, "/etc/fleet", RabbitMqPorts.InContainer, trust, users);
        await Shell.RunAsync(["chmod", "-R", "a+rX", files], stop: stop); // the container's user is nobody we know; the directories above stay closed
        var data = PrivateFile.CreateDirectory(Path.Combine(directory.RabbitMq, "data")); // queues outlive the container
        File.SetUnixFileMode(data, AnyUser);
        progress($"RabbitMQ: container {name} of {RabbitMqImage}");
        record(name);
        await Containers.RunAsync(name,
        [
            "--hostname", "fleet", "--volume", $"{files}:/etc/fleet:ro", "--volume", $"{data}:/var/lib/rabbitmq",
            "--env", "RABBITMQ_CONFIG_FILE=/etc/fleet/rabbitmq.conf", "--env", "RABBITMQ_ENABLED_PLUGINS_FILE=/etc/fleet/enabled_plugins",
            "--publish", Number("127.0.0.1", ports.Amqps, ':') + ":5671", "--publish", Number("127.0.0.1", ports.RabbitMq.Amqp, ':') + ":5672",
            "--publish", Number("127.0.0.1", ports.RabbitMq.Management, ':') + ":15672", RabbitMqImage
        ]);
        var admin = users.Single(user => user.Tags.Length > 0);
        if (!await Wait.UntilAsync(() => ManagementAnswersAsync(ports.RabbitMq.Management, admin, stop), TimeSpan.FromSeconds(120), clock, stop))
            throw new FleetException("RabbitMQ did not start", $"container {name}", $"look at docker logs {name}");
        return new(
            users.ToDictionary(user => user.Name, user => string.Create(CultureInfo.InvariantCulture, $"amqp://{user.Login}@127.0.0.1:{ports.RabbitMq.Amqp}/{Definitions.VirtualHost}")),
            new("localhost", ports.Amqps, trust.Certificates.CaFile), new(new Uri($"http://127.0.0.1:{ports.RabbitMq.Management}"), admin.Login));
    }

    // The engine's own proxy accepts connections long before the broker does, so ask for an answer, not for a connection.
    private static async Task<bool> ManagementAnswersAsync(int port, BrokerUser admin, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(admin.Login)));
        try
        {
            using var answer = await http.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/api/health/checks/port-listener/5671")), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or IOException || (notYet is TaskCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    private static string Number(string word, int number, char between = '-') => string.Create(CultureInfo.InvariantCulture, $"{word}{between}{number}");
}
