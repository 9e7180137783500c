using MassTransit;

namespace Fleet.Defaults;

/// <summary>One queue of a module: <c>{module}-{name}</c>, quorum, with its dead letters in <c>…_error</c>.</summary>
/// <param name="Name">kebab-case, says what is done: <c>watch-supply</c>.</param>
/// <param name="Configure">Binds the handler; use <see cref="On{TMessage}"/> unless the wire format is foreign.</param>
/// <param name="Message">What it takes from the exchange of that type; null for a foreign format.</param>
public sealed record Consumer(string Name, Action<IRabbitMqReceiveEndpointConfigurator, ModuleContext> Configure, Type? Message = null)
{
    /// <summary>Every process has such a queue of its own, gone with it, and hears every message: answers to what it asked.</summary>
    public bool OfProcess { get; init; }

    // Each message in hand may hold a database connection; a module with a dozen queues must stay within its pool.
    private const int UsuallyAtOnce = 4;

    /// <summary>Hands every message of a type to a handler.</summary>
    /// <param name="atOnce">How many messages in hand at a time; 1 where all of them write the same few streams.</param>
    public static Consumer On<TMessage>(string name, Func<TMessage, Delivery, Task> handle, int atOnce = UsuallyAtOnce)
        where TMessage : class =>
        new(name, (endpoint, module) =>
        {
            endpoint.ConcurrentMessageLimit = atOnce;
            endpoint.ListenTo(BusNames.Of(typeof(TMessage)));
            endpoint.Handler<TMessage>(async context =>
            {
                try
                {
                    await handle(context.Message, new Delivery(
                        module,
                        context.MessageId ?? throw new InvalidOperationException($"A {typeof(TMessage).Name} came without a message id"),
                        context,
                        context.CancellationToken));
                }
                catch (EventStore.TenantLeftException)
                {
                    // Said here after it had left for another region: kept neither in a stream nor in an error queue.
                    DepartedMeter.Dropped.Add(1, new KeyValuePair<string, object?>("message", BusNames.Of(typeof(TMessage))));
                }
            });
        }, typeof(TMessage));
}

/// <summary>What a handler knows beside the message.</summary>
/// <param name="MessageId">The id of the stored event the message was made from: the same at every delivery.</param>
/// <param name="Bus">For a question (<see cref="Module.Says"/>); what leaves for good leaves from a stream.</param>
public sealed record Delivery(ModuleContext Module, Guid MessageId, IPublishEndpoint Bus, CancellationToken Cancel);
