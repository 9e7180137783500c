using MassTransit;

namespace Fleet.Defaults;

/// <summary>
/// Binds a queue to somebody else's exchange without declaring that exchange: declaring takes the right to configure it, and who has that right may
/// also delete it. MassTransit always declares what it binds to, so here its topology is switched off and the binding made on its channel, before its own
/// topology. The exchange is in the broker's definitions; where it is missing, the endpoint does not start and says so.
/// </summary>
public static class Listening
{
    /// <param name="routingKey">For a topic exchange; a message's own exchange is a fanout and takes none.</param>
    /// <param name="passing">The queue goes with its process (<see cref="Consumer.OfProcess"/>), and so does its exchange.</param>
    public static void ListenTo(this IRabbitMqReceiveEndpointConfigurator endpoint, string exchange, string routingKey = "", bool passing = false)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.ConfigureChannel(channels => channels.UseExecuteAsync(async channel =>
        {
            // MassTransit's exchange of the queue's own name, declared here as it will declare it a moment later.
            var own = endpoint.InputAddress.Segments[^1];
            await channel.ExchangeDeclare(own, "fanout", durable: !passing, autoDelete: passing, new Dictionary<string, object?>());
            await channel.ExchangeBind(own, exchange, routingKey, new Dictionary<string, object?>());
        }));
    }
}
