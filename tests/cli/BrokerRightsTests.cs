using Fleet.Cli.Broker;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Cli.Tests;

/// <summary>What the generated definitions and scopes promise, asked of a real broker.</summary>
public class BrokerRightsTests
{
    [Test]
    public async Task A_service_publishes_to_its_own_message_exchange()
    {
        await using var connection = await Login("billing");
        await using var channel = await Channels.OpenAsync(connection);
        await channel.ExchangeDeclareAsync("billing.v1.invoice-issued", ExchangeType.Fanout, durable: true);

        Assert.That(await Channels.PublishAsync(channel, "billing.v1.invoice-issued", ""), Is.Null);
    }

    [Test]
    public async Task A_service_cannot_publish_to_another_services_exchange()
    {
        await using var connection = await Login("billing");
        await using var channel = await Channels.OpenAsync(connection);

        Assert.That(await Channels.PublishAsync(channel, "consent.v1.consent-changed", ""), Is.EqualTo(403));
    }

    [TestCase("billing", "telemetry.v1.readings-accepted", "fanout")]
    [TestCase("telemetry", "edge", "topic")]
    [TestCase("billing", "billing.v1.invoice-issued", "fanout", null)]
    public async Task A_service_can_neither_delete_nor_declare_a_neighbours_exchange(string service, string exchange, string type, int? refusal = 403)
    {
        await using var connection = await Login(service);
        await using (var channel = await Channels.OpenAsync(connection))
            Assert.That(await Channels.RefusalAsync(() => channel.ExchangeDeleteAsync(exchange)), Is.EqualTo(refusal), "delete");
        await using (var channel = await Channels.OpenAsync(connection))
            Assert.That(await Channels.RefusalAsync(() => channel.ExchangeDeclareAsync(exchange, type, durable: true)), Is.EqualTo(refusal), "declare");
        await using (var channel = await Channels.OpenAsync(connection))
            Assert.That(await Channels.RefusalAsync(() => channel.ExchangeDeclarePassiveAsync(exchange)), Is.Null, "it is there");
    }

    [Test]
    public async Task A_service_cannot_unbind_a_neighbours_queue()
    {
        await using var owner = await Login("alerting");
        await using (var channel = await Channels.OpenAsync(owner))
        {
            await channel.QueueDeclareAsync("alerting-bound", durable: true, exclusive: false, autoDelete: false);
            await channel.QueueBindAsync("alerting-bound", "telemetry.v1.supply-level-changed", "");
        }
        await using var other = await Login("billing");
        await using var foreign = await Channels.OpenAsync(other);

        Assert.That(await Channels.RefusalAsync(() => foreign.QueueUnbindAsync("alerting-bound", "telemetry.v1.supply-level-changed", "")), Is.EqualTo(403));
    }

    [Test]
    public async Task A_service_binds_its_own_queue_to_another_services_messages()
    {
        await using var connection = await Login("billing");
        await using var channel = await Channels.OpenAsync(connection);
        await channel.QueueDeclareAsync("billing-meter-readings", durable: true, exclusive: false, autoDelete: false);

        Assert.DoesNotThrowAsync(() => channel.QueueBindAsync("billing-meter-readings", "telemetry.v1.readings-accepted", ""));
    }

    [Test]
    public async Task A_service_cannot_read_another_services_queue()
    {
        await using var owner = await Login("billing");
        await using (var channel = await Channels.OpenAsync(owner))
            await channel.QueueDeclareAsync("billing-private", durable: true, exclusive: false, autoDelete: false);
        await using var other = await Login("alerting");
        await using var foreign = await Channels.OpenAsync(other);

        var refusal = Assert.ThrowsAsync<OperationInterruptedException>(() => foreign.BasicGetAsync("billing-private", autoAck: true));
        Assert.That(refusal!.ShutdownReason!.ReplyCode, Is.EqualTo(403));
    }

    [TestCase("consent", null)]
    [TestCase("identity", 403)]
    [TestCase("billing", 403)]
    public async Task Only_consent_tells_agents_something(string service, int? refusal)
    {
        await using var connection = await Login(service);
        await using var channel = await Channels.OpenAsync(connection);

        Assert.That(await Channels.PublishAsync(channel, Definitions.ControlExchange, "acme"), Is.EqualTo(refusal));
    }

    [TestCase("identity", null)]
    [TestCase("consent", 403)]
    [TestCase("billing", 403)]
    public async Task Only_identity_says_who_is_told(string service, int? refusal)
    {
        await using var connection = await Login(service);
        await using var channel = await Channels.OpenAsync(connection);
        var queue = service == "identity" ? "control.rights.rights-hq" : $"{service}-control-test";
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: true);

        Assert.That(await Channels.RefusalAsync(() => channel.QueueBindAsync(queue, Definitions.ControlExchange, "rights")), Is.EqualTo(refusal));
    }

    [TestCase("telemetry", null)]
    [TestCase("billing", 403)]
    public async Task Only_telemetry_drinks_from_the_edge(string service, int? refusal)
    {
        await using var connection = await Login(service);
        await using var channel = await Channels.OpenAsync(connection);
        await channel.QueueDeclareAsync($"{service}-edge-test", durable: true, exclusive: false, autoDelete: true);

        Assert.That(await Channels.RefusalAsync(() => channel.QueueBindAsync($"{service}-edge-test", Definitions.EdgeExchange, "acme.#")), Is.EqualTo(refusal));
    }

    [Test]
    public void Nobody_is_guest() =>
        Assert.ThrowsAsync<BrokerUnreachableException>(() => Channels.ConnectAsync(new UriBuilder(Servers.Broker.Services["billing"]) { UserName = "guest", Password = "guest" }.Uri));

    private static Task<IConnection> Login(string service) =>
        Channels.ConnectAsync(new Uri(Servers.Broker.Services[service]));
}
