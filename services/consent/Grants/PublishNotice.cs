using System.Text.Json;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using RabbitMQ.Client;

namespace Fleet.Consent.Grants;

/// <summary>Brings <see cref="TellAgents"/> to the broker. At least once each: agents go by the version, so neither doubles nor disorder do harm.</summary>
public static class PublishNotice
{
    public static readonly Consumer Consumer = Consumer.On<ConsentChanged>("tell-agents", (changed, delivery) => TellAsync(TellAgents.Decide(changed), delivery.Module, delivery.Cancel), atOnce: 1);

    // A publish whose connection breaks may never end; the next try has a connection of its own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static async Task TellAsync(ConsentNotice notice, ModuleContext module, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            await PublishAsync(notice, module, over.Token).WaitAsync(Patience, module.Clock, cancel);
        }
        catch (TimeoutException)
        {
            await over.CancelAsync();       // or each try would leave a connection behind
            throw;
        }
    }

    // A connection for one message: consents change seldom, and there is nothing to keep alive. A tenant without agents has no queue, and nobody misses the message.
    private static async Task PublishAsync(ConsentNotice notice, ModuleContext module, CancellationToken cancel)
    {
        var factory = new ConnectionFactory
        {
            Uri = new(module.Settings["FLEET_RABBITMQ_CONSENT"]!),
            ClientProvidedName = "fleet consent tells agents",
            AutomaticRecoveryEnabled = false,
        };
        await using var connection = await factory.CreateConnectionAsync(cancel);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancel);
        var properties = new BasicProperties { Type = ConsentNotice.Type, ContentType = ConsentNotice.ContentType, DeliveryMode = DeliveryModes.Persistent };
        await channel.BasicPublishAsync(EdgeAccess.ControlExchange, notice.TenantId, mandatory: false, properties, JsonSerializer.SerializeToUtf8Bytes(notice, ConsentNotice.Json), cancel);
    }
}
