using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Broker;

/// <summary>A further key access tokens are signed with, made known to a broker that runs.</summary>
public static class BrokerKeys
{
    private const string Control = "/usr/lib/rabbitmq/bin/rabbitmqctl";

    public static string PublicFile(StateDirectory directory, SigningKey key) => Path.Combine(directory.Secrets, $"{Path.GetFileNameWithoutExtension(key.PrivateFile)}.pub.pem");

    /// <summary>True when it knows the key now, or is not running and will read it when it starts. False for a broker that is not ours to tell.</summary>
    public static async Task<bool> AddAsync(StateDirectory directory, SigningKey key, CancellationToken stop)
    {
        var file = PublicFile(directory, key);
        PrivateFile.Write(file, key.PublicPem);
        if (FleetState.Load(directory) is not { IsRunning: true } state)
            return true;
        if (state.Processes.All(process => process.Name != "rabbitmq"))
            return false;

        var home = Path.Combine(directory.RabbitMq, "home");
        var known = Path.Combine(home, RabbitMqConfiguration.KeyFile(key.KeyId));
        PrivateFile.Write(known, key.PublicPem);
        var account = await Account.ForAsync("rabbitmq", directory.RabbitMq);
        await account.OwnAsync(home);
        var (code, output) = await Shell.RunAsync(
            [.. account.Prefix, Control, "--node", "fleet@localhost", "add_uaa_key", key.KeyId, $"--pem-file={known}"], RabbitMqEnvironment.Of(home, new PortPlan(state.Port).RabbitMq), stop: stop);
        return code == 0 ? true : throw new FleetException("The broker does not take the key", Control, output.Trim().Split('\n')[^1]);
    }
}
