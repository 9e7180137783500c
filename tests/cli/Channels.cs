using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Cli.Tests;

internal static class Channels
{
    public static Task<IConnection> ConnectAsync(Uri address) => new ConnectionFactory { Uri = address }.CreateConnectionAsync();

    public static Task<IChannel> OpenAsync(IConnection connection) =>
        connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));

    /// <summary>Publishes and waits for the confirm; the AMQP reply code when the broker closed the channel instead.</summary>
    public static Task<int?> PublishAsync(IChannel channel, string exchange, string routingKey) =>
        RefusalAsync(async () => await channel.BasicPublishAsync(exchange, routingKey, new byte[] { 1 }));

    public static async Task<int?> RefusalAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
            return null;
        }
        catch (OperationInterruptedException closed)
        {
            return closed.ShutdownReason?.ReplyCode;
        }
    }
}
