using Fleet.Cli.Local;

namespace Fleet.Cli.Broker;

/// <summary>What the broker trusts: its own certificate for agents, and the key access tokens are signed with.</summary>
public sealed record BrokerTrust(DevCertificates Certificates, SigningKey Tokens);

/// <summary>A private RabbitMQ under one directory, with its own Erlang port mapper, cookie and node name; definitions come from code.</summary>
public sealed class LocalRabbitMq(ProcessIdentity broker, ProcessIdentity portMapper, RabbitMqPorts ports, string log, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Its log, in the directory it was started in.</summary>
    public const string LogName = "rabbitmq.log";

    public ProcessIdentity Broker => broker;

    public ProcessIdentity PortMapper => portMapper;

    public RabbitMqPorts Ports => ports;

    /// <summary>AMQP address of a login; the password is hexadecimal, so it needs no escaping.</summary>
    public string UriOf(BrokerUser user) => $"amqp://{user.Login}@127.0.0.1:{ports.Amqp}/{Definitions.VirtualHost}";

    /// <summary>Starts, and returns when both AMQP ports answer. A first start takes about 12 s.</summary>
    /// <exception cref="FleetException">No binaries, port taken, no rights, disk full, or the broker ended by itself.</exception>
    public static async Task<LocalRabbitMq> StartAsync(
        string directory, RabbitMqPorts ports, BrokerTrust trust, IReadOnlyList<BrokerUser> users, TimeProvider clock, CancellationToken stop = default)
    {
        var rabbit = await LaunchAsync(directory, ports, trust, users, clock);
        await rabbit.AnswersAsync(stop);
        return rabbit;
    }

    /// <summary>Starts its processes and returns at once; <see cref="AnswersAsync"/> waits for it to serve.</summary>
    /// <param name="started">Called with a name and an identity as soon as each process exists, so that it can be recorded before anything else happens.</param>
    /// <exception cref="FleetException">No binaries, port taken, no rights or disk full.</exception>
    public static async Task<LocalRabbitMq> LaunchAsync(
        string directory, RabbitMqPorts ports, BrokerTrust trust, IReadOnlyList<BrokerUser> users, TimeProvider clock,
        Action<string>? progress = null, Action<string, ProcessIdentity>? started = null)
    {
        directory = Path.GetFullPath(directory);
        var server = RabbitMqBinaries.Require();
        ports.Require();

        PrivateFile.CreateDirectory(directory);
        File.SetUnixFileMode(directory, PrivateFile.DirectoryMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var account = await Account.ForAsync("rabbitmq", directory);
        var home = PrivateFile.CreateDirectory(Path.Combine(directory, "home"));
        WriteFiles(home, home, ports, trust, users);
        await account.OwnAsync(home);

        progress?.Invoke("RabbitMQ: starting");
        var log = Path.Combine(directory, LogName);
        var environment = RabbitMqEnvironment.Of(home, ports);
        var portMapper = Launch.Detached([.. account.Prefix, RabbitMqBinaries.PortMapper(), "-address", "127.0.0.1", "-port", $"{ports.Epmd}"], environment, directory, log);
        started?.Invoke("epmd", portMapper);
        // With "allow input" the start script becomes the Erlang machine instead of watching over it: one process, one pid.
        var broker = Launch.Detached([.. account.Prefix, server, "-noinput"], environment, directory, log);
        started?.Invoke("rabbitmq", broker);
        return new LocalRabbitMq(broker, portMapper, ports, log, clock);
    }

    /// <summary>Returns when both AMQP ports answer; a broker that does not come up is stopped.</summary>
    /// <exception cref="FleetException">It ended by itself, or took more than 90 s; with its own reason.</exception>
    public async Task AnswersAsync(CancellationToken stop)
    {
        var answers = await Wait.UntilAsync(
            async () => !broker.IsAlive || (await Local.Ports.AnswersAsync(ports.Amqp) && await Local.Ports.AnswersAsync(ports.Amqps)),
            TimeSpan.FromSeconds(90), clock, stop);
        if (answers && broker.IsAlive)
            return;

        var reason = RabbitMqBinaries.Reason(log);
        await DisposeAsync();
        throw new FleetException("RabbitMQ did not start", log, reason);
    }

    /// <summary>The broker first, so that it can say goodbye to its port mapper.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(broker, clock);
        await Signals.StopAsync(portMapper, Signal.Terminate, TimeSpan.FromSeconds(5), clock);
    }

    public static Task StopAsync(ProcessIdentity broker, TimeProvider clock) =>
        Signals.StopAsync(broker, Signal.Terminate, TimeSpan.FromSeconds(30), clock);

    /// <summary>Everything a broker reads at its start, into <paramref name="home"/>, which it will see as <paramref name="seenAs"/>.</summary>
    public static void WriteFiles(string home, string seenAs, RabbitMqPorts ports, BrokerTrust trust, IReadOnlyList<BrokerUser> users)
    {
        PrivateFile.Write(Path.Combine(home, "ca.pem"), File.ReadAllText(trust.Certificates.CaFile));
        PrivateFile.Write(Path.Combine(home, "server.pem"), File.ReadAllText(trust.Certificates.CertificateFile));
        PrivateFile.Write(Path.Combine(home, "server.key"), File.ReadAllText(trust.Certificates.KeyFile));
        var keys = trust.Tokens.WithSuccessors();
        foreach (var key in keys)
            PrivateFile.Write(Path.Combine(home, RabbitMqConfiguration.KeyFile(key.KeyId)), key.PublicPem);
        PrivateFile.Write(Path.Combine(home, "definitions.json"), Definitions.Json(users, BrokerUser.RandomSalt));
        PrivateFile.Write(Path.Combine(home, "rabbitmq.conf"), RabbitMqConfiguration.Text(ports, seenAs, [.. keys.Select(key => key.KeyId)]));
        PrivateFile.Write(Path.Combine(home, "enabled_plugins"), RabbitMqConfiguration.Plugins);
        PrivateFile.ReadOrCreate(Path.Combine(home, ".erlang.cookie"), Secret.New);
    }
}
