using System.CommandLine;
using Fleet.Cli.Compose;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;
using Npgsql;

namespace Fleet.Cli.Commands;

/// <summary><c>compose setup|databases</c>: the steps docker-compose.yml runs before the services. Hidden: nobody types them.</summary>
public static class ComposeCommand
{
    public static Command Build(TimeProvider clock) => new("compose", "Steps of docker-compose.yml") { Hidden = true, Subcommands = { Setup(clock), DatabaseStep() } };

    private static Command Setup(TimeProvider clock)
    {
        var state = Options.State();
        var broker = new Option<string>("--broker") { Description = "Volume of RabbitMQ's container", HelpName = "DIR", Required = true };
        var database = new Option<string>("--database") { Description = "Volume of PostgreSQL's container", HelpName = "DIR", Required = true };
        var command = new Command("setup", "Write keys, certificates, logins and settings") { state, broker, database };
        command.SetAction(parsed =>
        {
            new ComposeSetup(parsed.StateOf(state), parsed.GetRequiredValue(broker), parsed.GetRequiredValue(database)).Write(clock);
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
}
