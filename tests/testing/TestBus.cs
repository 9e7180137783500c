using System.Collections.Concurrent;
using Fleet.Defaults;
using MassTransit;

namespace Fleet.Testing;

/// <summary>The other services, as seen from the broker: publishes any public message and hears any.</summary>
public sealed class TestBus : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IBusControl _bus;

    private TestBus(IBusControl bus) => _bus = bus;

    public static async Task<TestBus> StartAsync(Uri broker)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(configure =>
        {
            configure.Host(broker, host => host.ConnectionName("fleet tests"));
            configure.MessageTopology.SetEntityNameFormatter(new BusNames());
        });
        await Ending.OneAsync("the start of the test's bus", bus.StartAsync(), Patience);
        return new(bus);
    }

    /// <summary>Publishes with a confirm.</summary>
    /// <param name="id">The message id; the same one twice is the same message delivered twice.</param>
    public Task PublishAsync<T>(T message, Guid? id = null)
        where T : class =>
        Ending.OneAsync(
            $"the confirm of a {typeof(T).Name}",
            _bus.Publish(message, Pipe.Execute<PublishContext<T>>(context => context.MessageId = id ?? Guid.CreateVersion7(TestClock.Real.GetUtcNow()))), Patience);

    /// <summary>Starts to listen; call it before what shall be heard is published.</summary>
    public async Task<Heard<T>> ListenAsync<T>()
        where T : class
    {
        var heard = new Heard<T>();
        var name = $"heard-{BusNames.Of(typeof(T))}-{Guid.CreateVersion7(TestClock.Real.GetUtcNow()):n}";
        var endpoint = _bus.ConnectReceiveEndpoint(name, configure =>
        {
            ((IRabbitMqReceiveEndpointConfigurator)configure).AutoDelete = true;
            configure.Handler<T>(context =>
            {
                heard.Add(context.MessageId, context.Message);
                return Task.CompletedTask;
            });
        });
        await Ending.OneAsync($"the queue that hears {typeof(T).Name}", endpoint.Ready, Patience);
        return heard;
    }

    public async ValueTask DisposeAsync() => await Ending.OneAsync("the stop of the test's bus", _bus.StopAsync(TimeSpan.FromSeconds(5)));
}

/// <summary>Messages of one type in the order they came.</summary>
public sealed class Heard<T>
    where T : class
{
    private readonly ConcurrentQueue<(Guid? Id, T Message)> _messages = new();

    public IReadOnlyList<T> Messages => [.. _messages.Select(heard => heard.Message)];

    public IReadOnlyList<Guid?> Ids => [.. _messages.Select(heard => heard.Id)];

    internal void Add(Guid? id, T message) => _messages.Enqueue((id, message));

    /// <summary>Waits until at least so many were heard.</summary>
    /// <param name="of">Which ones: another test's messages may still be on their way.</param>
    public async Task<IReadOnlyList<T>> WaitAsync(int count, Func<T, bool>? of = null) => await Eventually.IsAsync<IReadOnlyList<T>>(
        $"{count} {typeof(T).Name} on the bus", () => Task.FromResult<IReadOnlyList<T>>([.. Messages.Where(of ?? (_ => true))]), messages => messages.Count >= count);
}
