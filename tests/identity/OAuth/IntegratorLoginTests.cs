using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Integration.V1;
using Fleet.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>An integrator's token at a real broker: it reads the queues of its own subscriptions, and nothing else.</summary>
public class IntegratorLoginTests
{
    private RunningIdentity _identity = null!;
    private string _token = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        _identity = await StartAsync(Client("erp", "integrator", provider: "demo-dealer"), Client("*", "integrator", provider: "demo-dealer"));
        _token = await _identity.TokenAsync("erp");
        await using var admin = await new ConnectionFactory { Uri = new((await SharedServers.StartedAsync()).Broker.Services["fleet-admin"]) }.CreateConnectionAsync();
        await using var channel = await admin.CreateChannelAsync();
        foreach (var client in new[] { "erp", "erp-2", "crm" })
            await channel.QueueDeclareAsync(SubscriptionAccess.Queue(client, "alerts"), durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-expires"] = 600_000 });
    }

    [OneTimeTearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [TestCase("erp", null)]
    [TestCase("erp-2", 403)]
    [TestCase("crm", 403)]
    public async Task It_reads_its_own_queues_only(string client, int? refusal) =>
        Assert.That(await RefusalAsync(channel => channel.BasicGetAsync(SubscriptionAccess.Queue(client, "alerts"), autoAck: true)), Is.EqualTo(refusal));

    [Test]
    public async Task It_publishes_declares_binds_and_deletes_nothing()
    {
        Assert.That(await RefusalAsync(async channel => await channel.BasicPublishAsync(EdgeBatch.Exchange, "acme.hq.reading", new byte[] { 1 })), Is.EqualTo(403));
        Assert.That(await RefusalAsync(channel => channel.QueueDeclareAsync("out.erp.mine")), Is.EqualTo(403));
        Assert.That(await RefusalAsync(channel => channel.QueueBindAsync(SubscriptionAccess.Queue("erp", "alerts"), EdgeBatch.Exchange, "#")), Is.EqualTo(403));
        Assert.That(await RefusalAsync(channel => channel.QueueDeleteAsync(SubscriptionAccess.Queue("erp", "alerts"))), Is.EqualTo(403));
    }

    [Test]
    public async Task One_whose_id_could_be_a_pattern_does_not_get_in()
    {
        var token = await _identity.TokenAsync("*");
        Assert.ThrowsAsync<BrokerUnreachableException>(() => BrokerLogin.ByAsync(token));
    }

    private async Task<int?> RefusalAsync(Func<IChannel, Task> attempt)
    {
        await using var connection = await BrokerLogin.ByAsync(_token);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
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
