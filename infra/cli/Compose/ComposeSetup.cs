using System.Text.Json;
using Fleet.Cli.Broker;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Compose;

/// <summary>
/// What docker-compose.yml mounts: keys, certificates, logins and settings, written once into volumes that only their users mount. Running it again
/// keeps what is there.
/// </summary>
/// <param name="State">For Fleet's own containers.</param>
/// <param name="Broker">For RabbitMQ's container alone; readable by whatever user its image runs as.</param>
/// <param name="Database">For PostgreSQL's container alone, the same.</param>
/// <param name="Environment">What the operator says, by name; null or empty where nothing is said.</param>
public sealed record ComposeSetup(StateDirectory State, string Broker, string Database, Func<string, string?> Environment)
{
    // The issuer's name must be one that every container reaches: its keys are fetched there. From outside the same gateway is 127.0.0.1:8080.
    private const string IssuerUrl = "http://gateway:8080", PublicUrl = "http://127.0.0.1:8080", GrpcUrl = "http://127.0.0.1:8081", AmqpsUrl = "amqps://127.0.0.1:5671", RabbitMqHost = "rabbitmq";

    public void Write(TimeProvider clock)
    {
        State.Create();
        var trust = new BrokerTrust(DevCertificates.Open(State.Secrets, clock, RabbitMqHost), SigningKey.Open(State.SigningKey));
        var users = PrivateServers.BrokerUsers(State);
        LocalRabbitMq.WriteFiles(Broker, Broker, RabbitMqPorts.InContainer, trust, users);
        PrivateFile.Write(Path.Combine(Database, "superuser.secret"), PrivateFile.ReadOrCreate(State.SecretOf("postgres"), Secret.New));
        foreach (var directory in new[] { Broker, Database })
            OpenToItsContainer(directory);

        var clients = DemoClient.Write(State, withAgents: true);
        var settings = PrivateFile.CreateDirectory(Path.Combine(State.Root, "settings"));
        foreach (var service in Databases.Services)
            PrivateFile.Write(Path.Combine(settings, $"{service}.json"), Settings(service, users.Single(user => user.Name == service), trust, clients));
    }

    private string Settings(string service, BrokerUser user, BrokerTrust trust, string clients)
    {
        var name = service.ToUpperInvariant();
        var database = $"fleet_{service}";
        string Connection(string role) =>
            $"Host=postgres;Database={database};Username={role};Password={PrivateFile.ReadOrCreate(State.SecretOf(role), Secret.New)}";
        var settings = new Dictionary<string, string>
        {
            ["FLEET_ISSUER"] = IssuerUrl,
            ["FLEET_ALLOW_HTTP_ISSUER"] = "true",
            ["FLEET_PUBLIC_URL"] = PublicUrl,
            ["FLEET_REGION_AMQPS"] = AmqpsUrl,
            ["FLEET_REGION_GRPC"] = GrpcUrl,
            ["FLEET_IDENTITY_KEY"] = trust.Tokens.PrivateFile,
            ["FLEET_REGION_KEY"] = SigningKey.Open(State.RegionKey).PrivateFile,
            ["FLEET_CONSENT_KEY"] = SigningKey.Open(State.GrantKey).PrivateFile,
            ["FLEET_IDENTITY_CLIENTS"] = clients,
            ["FLEET_TRUSTED_PROXIES"] = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16", // whatever network compose makes: only its gateway is reached from outside
            ["FLEET_IDENTITY_PEOPLE_KEY"] = State.OpenPeopleKey(),
            ["FLEET_RABBITMQ_MANAGEMENT"] = $"http://{RabbitMqHost}:{RabbitMqPorts.InContainer.Management}",
            [$"FLEET_POSTGRES_{name}"] = Connection(database),
            [$"FLEET_POSTGRES_{name}_READER"] = Connection($"{database}_reader"),
            [$"FLEET_RABBITMQ_{name}"] = $"amqp://{user.Name}:{user.Password}@{RabbitMqHost}:5672/{Definitions.VirtualHost}",
        };
        foreach (var word in HostEnvironment.OfOperator)
            if (Environment(word) is { Length: > 0 } said)
                settings[word] = said;
        return JsonSerializer.Serialize(settings) + "\n";
    }

    // The servers' images run as users of their own, whose numbers we cannot know. Nobody else mounts these two volumes.
    private static void OpenToItsContainer(string directory)
    {
        foreach (var file in Directory.GetFiles(directory))
            File.SetUnixFileMode(file, PrivateFile.Mode | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
