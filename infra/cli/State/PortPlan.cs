using Fleet.Cli.Broker;
using Fleet.Cli.Local;

namespace Fleet.Cli.State;

/// <summary>All ports of a state, counted from the one its user names, so that two states run side by side. Loopback only.</summary>
public sealed record PortPlan(int Http)
{
    public int Grpc => Http + 1;
    public int Amqps => Http + 2;
    public int Postgres => Http + 7;

    /// <summary>UDP, on the printers' 127.x addresses.</summary>
    public int Snmp => Http + 8;

    public RabbitMqPorts RabbitMq => new(Amqps, Amqp: Http + 3, Management: Http + 4, Prometheus: Http + 5, Distribution: Http + 6, Epmd: Http + 8);

    public string Url => $"http://127.0.0.1:{Http}";
    public string GrpcUrl => $"http://127.0.0.1:{Grpc}";

    public void Require()
    {
        if (Http is < 1 or > 65_526)
            throw new FleetException("No such port", $"--port {Http}", "choose one from 1 to 65526; ten are used from there on");
        Ports.Require(Http, "HTTP");
        Ports.Require(Grpc, "gRPC");
    }
}
