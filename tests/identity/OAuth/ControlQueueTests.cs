using Fleet.Contracts.Edge.V1;
using Fleet.Identity.Agents;
using Fleet.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>The queue of an agent at a real broker; that it alone may read it is in <see cref="AgentLoginTests"/>.</summary>
public class ControlQueueTests
{
    [Test]
    public async Task An_agents_queue_is_there_when_it_has_its_token_and_nobody_elses()
    {
        await using var identity = await StartAsync(Client("one", "agent", tenant: "queued", site: "hq", agent: "one"), Client("desk", "customer-admin", tenant: "queued"));
        Assert.That(await DepthAsync("queued", "one"), Is.Null, "nobody has asked yet");
        await identity.TokenAsync("desk");
        Assert.That(await DepthAsync("queued", "one"), Is.Null, "a person has no such queue");

        await identity.TokenAsync("one");
        await identity.TokenAsync("one");
        Assert.That(await DepthAsync("queued", "one"), Is.Zero);
        Assert.That(await DepthAsync("queued", "two"), Is.Null);
    }

    [Test]
    public async Task What_a_tenants_agents_are_told_reaches_each_of_them_and_no_other_tenants()
    {
        await using var identity = await StartAsync(
            Client("first", "agent", tenant: "told", site: "hq", agent: "first"), Client("second", "agent", tenant: "told", site: "hq", agent: "second"),
            Client("other", "agent", tenant: "untold", site: "hq", agent: "other"));
        foreach (var agent in new[] { "first", "second", "other" })
            await identity.TokenAsync(agent);
        await using var admin = await AdminAsync();
        await using var channel = await admin.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync(EdgeAccess.ControlExchange, "told", new byte[] { 1 });

        await Eventually.IsAsync("the first to have it", () => DepthAsync("told", "first"), depth => depth == 1);
        await Eventually.IsAsync("the second to have it", () => DepthAsync("told", "second"), depth => depth == 1);
        Assert.That(await DepthAsync("untold", "other"), Is.Zero);
    }

    [Test]
    public async Task It_holds_the_newest_thousand()
    {
        await using var identity = await StartAsync(Client("full", "agent", tenant: "filled", site: "hq", agent: "full"));
        await identity.TokenAsync("full");
        await using var admin = await AdminAsync();
        await using var channel = await admin.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        foreach (var window in Enumerable.Range(1, 1_010).Chunk(200))
            await Task.WhenAll(window.Select(n => channel.BasicPublishAsync("", EdgeAccess.ControlQueue("filled", "full"), BitConverter.GetBytes(n)).AsTask()));

        await Eventually.IsAsync("the queue to be at its limit", () => DepthAsync("filled", "full"), depth => depth == 1_000);
        var oldest = await channel.BasicGetAsync(EdgeAccess.ControlQueue("filled", "full"), autoAck: true);
        Assert.That(BitConverter.ToInt32(oldest!.Body.Span), Is.EqualTo(11));
    }

    [Test]
    public async Task It_is_declared_with_a_days_and_a_months_end()
    {
        await using var identity = await StartAsync(Client("ends", "agent", tenant: "ending", site: "hq", agent: "ends"));
        await identity.TokenAsync("ends");
        Assert.That(await DeclaresAsync("ending", []), Is.True, "the same again");
        foreach (var (key, value) in new (string, object)[] { ("x-message-ttl", 172_800_000L), ("x-expires", 86_400_000L), ("x-queue-type", "classic"), ("x-overflow", "reject-publish") })
            Assert.That(await DeclaresAsync("ending", new() { [key] = value }), Is.False, key);
    }

    [Test]
    public async Task A_broker_that_refuses_delays_no_token_for_long()
    {
        await using var identity = await StartAsync(Client("late", "agent", tenant: "later", site: "hq", agent: "late"));
        await using var admin = await AdminAsync();
        await using (var channel = await admin.CreateChannelAsync())
            await channel.QueueDeclareAsync(EdgeAccess.ControlQueue("later", "late"), durable: false, exclusive: false, autoDelete: true);    // another queue of that name

        Assert.That(await identity.TokenAsync("late").WaitAsync(TimeSpan.FromSeconds(15)), Is.Not.Empty);
    }

    private static async Task<IConnection> AdminAsync() =>
        await new ConnectionFactory { Uri = new Uri((await SharedServers.StartedAsync()).Broker.Services["fleet-admin"]) }.CreateConnectionAsync();

    /// <summary>Null: no such queue.</summary>
    private static async Task<uint?> DepthAsync(string tenant, string agent)
    {
        await using var admin = await AdminAsync();
        await using var channel = await admin.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(EdgeAccess.ControlQueue(tenant, agent))).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }

    // RabbitMQ refuses to declare an existing queue with other arguments: so it tells which it has.
    private static async Task<bool> DeclaresAsync(string tenant, Dictionary<string, object?> other)
    {
        await using var admin = await AdminAsync();
        await using var channel = await admin.CreateChannelAsync();
        var arguments = ControlQueues.Arguments.ToDictionary(a => a.Key, a => other.GetValueOrDefault(a.Key) ?? a.Value);
        try
        {
            await channel.QueueDeclareAsync(EdgeAccess.ControlQueue(tenant, "ends"), durable: true, exclusive: false, autoDelete: false, arguments);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            return false;
        }
    }
}
