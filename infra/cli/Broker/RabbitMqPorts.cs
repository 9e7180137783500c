using Fleet.Cli.Local;

namespace Fleet.Cli.Broker;

/// <summary>Every port a private broker listens on, all on loopback.</summary>
/// <param name="Amqps">TLS, for agents.</param>
/// <param name="Amqp">Plain, for services on this machine.</param>
/// <param name="Epmd">Its own Erlang port mapper, so that it shares (and leaves) none.</param>
public sealed record RabbitMqPorts(int Amqps, int Amqp, int Management, int Prometheus, int Distribution, int Epmd)
{
    public static RabbitMqPorts Free()
    {
        var ports = new HashSet<int>();
        while (ports.Count < 6)
            ports.Add(Ports.Free());
        var free = ports.ToArray();
        return new(free[0], free[1], free[2], free[3], free[4], free[5]);
    }

    /// <summary>RabbitMQ's usual ports on every interface of a container, which its engine publishes on loopback.</summary>
    public static readonly RabbitMqPorts InContainer = new(5671, 5672, 15672, 15692, 25672, 4369) { Address = "0.0.0.0" };

    public string Address { get; init; } = "127.0.0.1";

    public void Require()
    {
        Ports.Require(Amqps, "AMQPS");
        Ports.Require(Amqp, "AMQP");
        Ports.Require(Management, "RabbitMQ management");
        Ports.Require(Prometheus, "RabbitMQ metrics");
        Ports.Require(Distribution, "Erlang distribution");
        Ports.Require(Epmd, "Erlang port mapper");
    }
}
