using Fleet.Contracts.Edge.V1;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>The token identity issues to an agent is its login at a real broker, and its scope its wall there.</summary>
public class AgentLoginTests
{
    private RunningIdentity _identity = null!;
    private string _token = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _identity = await StartAsync(
            Client("acme-hq", "agent", tenant: "acme", site: "hq", agent: "acme-hq"),
            Client("acme-hq-2", "agent", tenant: "acme", site: "hq", agent: "acme-hq-2"),
            Client("globex-hq", "agent", tenant: "globex", site: "hq", agent: "globex-hq"),
            Client("acme-admin", "customer-admin", tenant: "acme"));
        _token = await _identity.TokenAsync("acme-hq");
        await _identity.TokenAsync("acme-hq-2");
        await _identity.TokenAsync("globex-hq");
    }

    [OneTimeTearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [TestCase("acme.hq.reading", null)]
    [TestCase("acme.hq.alert", null)]
    [TestCase("acme.branch.reading", 403)]
    [TestCase("globex.hq.reading", 403)]
    [TestCase("acme-2.hq.reading", 403)]
    public async Task An_agent_publishes_under_its_own_key_only(string key, int? refusal) =>
        Assert.That(await RefusalAsync(async channel => await channel.BasicPublishAsync(EdgeBatch.Exchange, key, new byte[] { 1 })), Is.EqualTo(refusal));

    [TestCase("acme", "acme-hq", null)]
    [TestCase("acme", "acme-hq-2", 403)]
    [TestCase("globex", "globex-hq", 403)]
    public async Task An_agent_reads_its_own_control_queue_only(string tenant, string agent, int? refusal) =>
        Assert.That(await RefusalAsync(channel => channel.BasicGetAsync(EdgeAccess.ControlQueue(tenant, agent), autoAck: true)), Is.EqualTo(refusal));

    [Test]
    public async Task An_agent_tells_no_agent_anything() =>
        Assert.That(await RefusalAsync(async channel => await channel.BasicPublishAsync(EdgeAccess.ControlExchange, "acme", new byte[] { 1 })), Is.EqualTo(403));

    [Test]
    public async Task An_agent_declares_binds_and_deletes_nothing()
    {
        Assert.That(await RefusalAsync(channel => channel.QueueDeclareAsync("acme-spy")), Is.EqualTo(403));
        Assert.That(await RefusalAsync(channel => channel.QueueBindAsync(EdgeAccess.ControlQueue("acme", "acme-hq"), EdgeBatch.Exchange, "#")), Is.EqualTo(403));
        Assert.That(await RefusalAsync(channel => channel.QueueDeleteAsync(EdgeAccess.ControlQueue("acme", "acme-hq"))), Is.EqualTo(403));
        Assert.That(await RefusalAsync(channel => channel.ExchangeDeleteAsync(EdgeBatch.Exchange)), Is.EqualTo(403));
    }

    [Test]
    public async Task A_persons_token_is_no_login_at_the_broker()
    {
        var person = await _identity.TokenAsync("acme-admin");
        Assert.ThrowsAsync<BrokerUnreachableException>(() => BrokerLogin.ByAsync(person));
        await using var agent = await BrokerLogin.ByAsync(_token); // the twin
        Assert.That(agent.IsOpen, Is.True);
    }

    private async Task<int?> RefusalAsync(Func<IChannel, Task> attempt)
    {
        await using var connection = await BrokerLogin.ByAsync(_token);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        try
        {
            await attempt(channel);
            return null;
        }
        catch (OperationInterruptedException closed)
        {
            return closed.ShutdownReason?.ReplyCode;
        }
    }
}
