using Fleet.Cli.Local;

namespace Fleet.Cli.Broker;

public static class RabbitMqBinaries
{
    /// <summary>The start script of the broker itself (Debian's wrapper in /usr/sbin insists on its own user and log), or null.</summary>
    public static string? Find()
    {
        const string debian = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        return File.Exists(debian) ? debian : OnPath("rabbitmq-server");
    }

    public static string Require()
    {
        var server = Find() ?? throw new FleetException("RabbitMQ missing", "rabbitmq-server", "install the package rabbitmq-server, or set FLEET_RABBITMQ");
        const string plugins = "/usr/lib/rabbitmq/lib";
        if (Directory.Exists(plugins) && Directory.GetDirectories(plugins, "rabbitmq_auth_backend_oauth2-*", SearchOption.AllDirectories).Length == 0
            && Directory.GetFiles(plugins, "rabbitmq_auth_backend_oauth2-*", SearchOption.AllDirectories).Length == 0)
            throw new FleetException("Wrong version", server, "RabbitMQ 3.10 or newer with the OAuth 2 plugin is needed");
        return server;
    }

    public static string PortMapper() =>
        OnPath("epmd") ?? throw new FleetException("Erlang missing", "epmd", "install the package erlang-base");

    /// <summary>Why it ended: the line RabbitMQ marks as error, else its last one.</summary>
    public static string Reason(string log) =>
        File.Exists(log) && File.ReadLines(log).LastOrDefault(line => line.Contains("[error]", StringComparison.Ordinal) && line.Length > 80) is { } line
            ? line
            : Launch.LastLine(log);

    private static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
