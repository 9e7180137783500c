using System.Net;
using System.Net.Sockets;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Tests;

public class PortTests
{
    [Test]
    public void A_taken_port_is_one_line_naming_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = Assert.Throws<FleetException>(() => Ports.Require(port, "HTTP"));
        Assert.That(failure!.Message, Does.Contain($"127.0.0.1:{port}").And.Contain("--port").And.Not.Contain("\n"));
    }

    [Test]
    public void A_free_port_passes() => Assert.DoesNotThrow(() => Ports.Require(Ports.Free(), "HTTP"));

    [Test]
    public void Two_states_ten_ports_apart_share_none()
    {
        Assert.That(All(new(8080)).Intersect(All(new(8090))), Is.Empty);
        Assert.That(All(new(8080)), Is.Unique);
    }

    private static int[] All(PortPlan plan) =>
    [
        plan.Http, plan.Grpc, plan.RabbitMq.Amqps, plan.RabbitMq.Amqp, plan.RabbitMq.Management, plan.RabbitMq.Prometheus, plan.RabbitMq.Distribution,
        plan.RabbitMq.Epmd, plan.Postgres
    ];
}
