using System.Runtime.ExceptionServices;
using System.Text.Json;
using Fleet.Cli.Broker;
using Fleet.Cli.Consents;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>What the user asked for.</summary>
public sealed record UpRequest(StateDirectory Directory, int Port, int Printers, int Seed);

/// <summary>The whole start, in the order things need each other; what can go side by side does.</summary>
public static class Start
{
    private static readonly TimeSpan HostDeadline = TimeSpan.FromSeconds(90), SimulatorDeadline = TimeSpan.FromSeconds(30);

    public static async Task<FleetState> RunAsync(UpRequest request, Progress progress, TimeProvider clock, CancellationToken stop)
    {
        var (directory, ports) = (request.Directory, new PortPlan(request.Port));
        ports.Require();
        var wanted = await Prerequisites.LookAsync(directory);
        foreach (var line in wanted.Plan())
            progress.Say(line);
        RequirePorts(wanted, ports);
        await InstallAsync(wanted, progress);

        var trust = new BrokerTrust(DevCertificates.Open(directory.Secrets, clock), SigningKey.Open(directory.SigningKey));
        PrivateFile.Write(Path.Combine(directory.Secrets, "signing-key.pub.pem"), trust.Tokens.PublicPem);
        var clients = DemoClient.Write(directory);
        var record = new Record(directory, new(
            request.Port, request.Printers, ports.Url, ports.GrpcUrl, ports.Amqps, trust.Certificates.CaFile, clock.GetUtcNow(), Ready: false,
            ProcessIdentity.Of(Environment.ProcessId)!, [], []));

        try
        {
            await progress.WhileAsync("Starting PostgreSQL and RabbitMQ", async say =>
            {
                // The broker takes longest: it starts first, and everything that does not need it goes on beside it.
                using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
                var rabbit = RabbitMqAsync(wanted.RabbitMq, directory, ports, trust, clock, say, record, failed.Token);
                var postgres = SaidAsync(PostgresAsync(wanted.Postgres, directory, ports, clock, say, record, failed.Token), () => progress.Done("PostgreSQL answers"));
                var programs = Programs.BuildAsync(say, failed.Token);
                await AllAsync(failed, rabbit, postgres, programs);

                var broker = await rabbit;
                var backing = new Backing(await postgres, broker.Doors);
                record.Agents(backing.Broker.Agents);
                AuditorDoors.Write(directory, backing.Databases);
                await StartProgramsAsync(request, ports, backing, broker.Answers, await programs, trust, clients, record, progress, say, clock, stop);
                return true;
            });
            record.Ready();
            return record.State;
        }
        catch
        {
            await Stop.AllAsync(directory, record.State, clock);
            throw;
        }
    }

    private static async Task StartProgramsAsync(
        UpRequest request, PortPlan ports, Backing backing, Task brokerAnswers, Programs programs, BrokerTrust trust, string clients,
        Record record, Progress progress, Action<string> say, TimeProvider clock, CancellationToken stop)
    {
        var directory = request.Directory;
        var launch = new ProgramLaunch(directory, record);
        say("starting the services and the printers");
        var settings = HostEnvironment.Of(
            ports, backing, trust.Tokens.PrivateFile, SigningKey.Open(directory.GrantKey).PrivateFile, clients, directory.OpenPeopleKey(), SigningKey.Open(directory.RegionKey).PrivateFile);
        PrivateFile.Write(directory.HostSettings, JsonSerializer.Serialize(settings) + "\n");
        launch.Dotnet("host", programs.Host, [], settings);
        File.Delete(directory.Manifest);
        launch.Dotnet("simulator", programs.Simulator, DemoPrinters.Arguments(request, ports, directory), DemoPrinters.Environment);

        // The services come up while the broker still does: each takes seconds of its own, and they try until it answers.
        await brokerAnswers;
        progress.Done("RabbitMQ answers");
        await ReadyAsync("the services", () => FleetApi.IsReadyAsync(ports.Url, stop), HostDeadline, record, clock, stop);
        progress.Done($"Services ready at {ports.Url}");
        await ReadyAsync("the printers", () => Task.FromResult(File.Exists(directory.Manifest)), SimulatorDeadline, record, clock, stop);
        progress.Done($"{request.Printers} virtual printers answer SNMP");

        var agents = DemoAgents.Configure(directory, ports.Url, directory.Manifest, backing.Broker.Agents);
        var seeded = await Seed.RunAsync(new(request, programs, ports, agents, backing.Broker.Counts), say, clock, stop);
        progress.Done(seeded);
        foreach (var agent in agents)
            launch.Dotnet($"agent-{agent.Client.ClientId}", programs.Agent, ["run", "--config", agent.ConfigFile], DemoPrinters.Environment);
        record.RequireAlive();
        progress.Done($"Agents {string.Join(" and ", agents.Select(agent => agent.Client.ClientId))} started");
    }

    private static async Task<T> SaidAsync<T>(Task<T> work, Action say)
    {
        var made = await work;
        say();
        return made;
    }

    /// <summary>All of them, or the first failure once the others have let go: what they started is recorded by then.</summary>
    private static async Task AllAsync(CancellationTokenSource failed, params Task[] parts)
    {
        Exception? first = null;
        await foreach (var part in Task.WhenEach(parts))
            if (part.Exception?.InnerException is { } cause)
            {
                first ??= cause;
                await failed.CancelAsync();
            }

        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
        failed.Token.ThrowIfCancellationRequested();
    }

    private static async Task ReadyAsync(string what, Func<Task<bool>> ready, TimeSpan deadline, Record record, TimeProvider clock, CancellationToken stop)
    {
        var answered = await Wait.UntilAsync(async () =>
        {
            record.RequireAlive();
            return await ready();
        }, deadline, clock, stop);
        if (!answered)
            throw new FleetException("Not ready in time", $"{what}, {deadline.TotalSeconds:0} s", "look at ./fleet logs");
    }

    // All of them before anything is made or started; the servers look again at the moment they start.
    private static void RequirePorts(Prerequisites wanted, PortPlan ports)
    {
        if (wanted.Postgres != Source.Given)
            Ports.Require(ports.Postgres, "PostgreSQL");
        if (wanted.RabbitMq != Source.Given)
            ports.RabbitMq.Require();
    }

    private static async Task InstallAsync(Prerequisites wanted, Progress progress)
    {
        List<string> packages = [];
        if (wanted.Postgres == Source.Packages)
            packages.Add("postgresql");
        if (wanted.RabbitMq == Source.Packages)
            packages.Add("rabbitmq-server");
        if (packages.Count > 0)
            await Packages.InstallAsync(packages, progress.Say);
    }

    private static Task<IReadOnlyList<ServiceDatabase>> PostgresAsync(
        Source source, StateDirectory directory, PortPlan ports, TimeProvider clock, Action<string> say, Record record, CancellationToken stop) => source switch
        {
            Source.Given => GivenServers.PostgresAsync(Environment.GetEnvironmentVariable(Prerequisites.PostgresVariable)!, directory, say, stop),
            Source.Docker => DockerServers.PostgresAsync(directory, ports, clock, say, record.Container, stop),
            Source.LocalBinaries or Source.Packages => PrivateServers.PostgresAsync(directory, ports, clock, say, record.Process, stop),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "no such source")
        };

    private static async Task<StartingBroker> RabbitMqAsync(
        Source source, StateDirectory directory, PortPlan ports, BrokerTrust trust, TimeProvider clock, Action<string> say, Record record, CancellationToken stop) => source switch
        {
            Source.Given => new(
                await GivenServers.RabbitMqAsync(Environment.GetEnvironmentVariable(Prerequisites.RabbitMqVariable)!, directory, trust, say, stop), Task.CompletedTask),
            Source.Docker => new(await DockerServers.RabbitMqAsync(directory, ports, trust, clock, say, record.Container, stop), Task.CompletedTask),
            Source.LocalBinaries or Source.Packages => await PrivateServers.RabbitMqAsync(directory, ports, trust, clock, say, record.Process, stop),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source, "no such source")
        };
}
