using System.CommandLine;
using Fleet.Cli.Broker;
using Fleet.Cli.Compose;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;
using Npgsql;

namespace Fleet.Cli.Commands;

/// <summary><c>compose setup|databases|demo</c>: the steps docker-compose.yml runs around the services. Hidden: nobody types them.</summary>
public static class ComposeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Build(TimeProvider clock) => new("compose", "Steps of docker-compose.yml") { Hidden = true, Subcommands = { Setup(clock), DatabaseStep(), DemoStep(clock) } };

    private static Command Setup(TimeProvider clock)
    {
        var state = Options.State();
        var broker = new Option<string>("--broker") { Description = "Volume of RabbitMQ's container", HelpName = "DIR", Required = true };
        var database = new Option<string>("--database") { Description = "Volume of PostgreSQL's container", HelpName = "DIR", Required = true };
        var command = new Command("setup", "Write keys, certificates, logins and settings") { state, broker, database };
        command.SetAction(parsed =>
        {
            new ComposeSetup(parsed.StateOf(state), parsed.GetRequiredValue(broker), parsed.GetRequiredValue(database), Environment.GetEnvironmentVariable).Write(clock);
            Console.WriteLine("keys, certificates, logins and settings are there");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command DatabaseStep()
    {
        var state = Options.State();
        var host = new Option<string>("--host") { Description = "Where PostgreSQL is", HelpName = "HOST", Required = true };
        var command = new Command("databases", "Create or repair roles and databases") { state, host };
        command.SetAction(async (parsed, stop) =>
        {
            var directory = parsed.StateOf(state);
            var superuser = new NpgsqlConnectionStringBuilder
            {
                Host = parsed.GetRequiredValue(host),
                Username = LocalPostgres.Superuser,
                Password = await File.ReadAllTextAsync(directory.SecretOf("postgres"), stop),
                Database = "postgres",
            };
            await PrivateServers.DatabasesAsync(superuser.ConnectionString, directory, Console.WriteLine, stop);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command DemoStep(TimeProvider clock)
    {
        var state = Options.State();
        var url = new Option<string>("--url") { Description = "Of the API", HelpName = "URL", Required = true };
        var manifest = new Option<string>("--manifest") { Description = "The simulator's list of printers", HelpName = "FILE", Required = true };
        var broker = new Option<string>("--broker-host") { Description = "Where agents find the broker", HelpName = "HOST", Required = true };
        var command = new Command("demo", "Tenants, consents, contracts and the agents' configuration") { state, url, manifest, broker };
        command.SetAction(async (parsed, stop) =>
        {
            var (directory, api) = (parsed.StateOf(state), parsed.GetRequiredValue(url));
            if (!await Wait.UntilAsync(() => Task.FromResult(File.Exists(parsed.GetRequiredValue(manifest))), Patience, clock, stop))
                throw new FleetException("No printers", parsed.GetRequiredValue(manifest), "look at the simulator's log");
            await Story.TellAsync(directory, api, Story.LastMonth(clock.GetUtcNow()).Start, Console.WriteLine, clock, stop);
            var door = new AgentDoor(parsed.GetRequiredValue(broker), RabbitMqPorts.InContainer.Amqps, Path.Combine(directory.Secrets, "ca.pem"));
            foreach (var agent in DemoAgents.Configure(directory, api, parsed.GetRequiredValue(manifest), door))
                Console.WriteLine($"{agent.Client.ClientId}: {agent.Targets} printers, {agent.ConfigFile}");
            return ExitCode.Ok;
        });
        return command;
    }
}
