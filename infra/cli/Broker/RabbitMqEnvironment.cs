using System.Globalization;

namespace Fleet.Cli.Broker;

/// <summary>The variables that make a RabbitMQ private: every path below its home, every listener on loopback.</summary>
public static class RabbitMqEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(string home, RabbitMqPorts ports) => new Dictionary<string, string>
    {
        ["HOME"] = home,
        ["RABBITMQ_NODENAME"] = "fleet@localhost", // the same everywhere: each directory has its own port mapper
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(home, "rabbitmq-env.conf"), // none: what the machine's own broker is told is not for us
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(home, "rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(home, "advanced.config"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(home, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(home, "mnesia"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(home, "log"),
        ["RABBITMQ_LOGS"] = "-",
        ["RABBITMQ_PID_FILE"] = Path.Combine(home, "rabbitmq.pid"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(home, "generated"),
        ["RABBITMQ_PLUGINS_EXPAND_DIR"] = Path.Combine(home, "plugins-expand"),
        ["RABBITMQ_DIST_PORT"] = ports.Distribution.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_ALLOW_INPUT"] = "1",
        // No busy waiting: the scheduler threads would eat the cores the services need.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["ERL_EPMD_PORT"] = ports.Epmd.ToString(CultureInfo.InvariantCulture),
        ["ERL_CRASH_DUMP_SECONDS"] = "0",
        ["LC_ALL"] = "C.UTF-8"
    };
}
