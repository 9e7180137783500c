using Fleet.Cli.Testing;

namespace Fleet.Agents.Tests;

/// <summary>Tests against a real RabbitMQ over TLS, one for all of them; each has a queue, an issuer and a state directory of its own.</summary>
public abstract class AgentAtBroker
{
    private TestRabbitMq rabbit = null!;

    private protected TestBroker Broker => rabbit.Broker;

    private protected AgentBroker Edge { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartBroker() => rabbit = await TestRabbitMq.OpenAsync(AgentSamples.SystemClock);

    [OneTimeTearDown]
    public async Task StopBroker() => await rabbit.DisposeAsync();

    [SetUp]
    public async Task OpenEdge() => Edge = await AgentBroker.OpenAsync(Broker);

    [TearDown]
    public async Task CloseEdge() => await Edge.DisposeAsync();
}
