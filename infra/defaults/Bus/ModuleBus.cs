using System.Net.Sockets;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Logging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Defaults;

/// <summary>One module's connection to the broker, under the module's own user, with its queues.</summary>
internal sealed class ModuleBus(ModuleContext module, Uri broker) : IHostedService, IAsyncDisposable
{
    // Two hosts of a module may share a machine and, in tests, a process.
    private readonly string _process = $"{Environment.MachineName.ToLowerInvariant()}-{Guid.CreateVersion7(module.Clock.GetUtcNow()):n}";

    private IBusControl? _bus;

    // A connection of its own, closed last: what is in hand when the module stops still gets its answers.
    private IBusControl? _answers;
    private Task? _stopped;

    public IBus Bus => _bus ?? throw new InvalidOperationException($"The bus of {module.Module.Name} has not started");

    public bool IsHealthy => Status == BusHealthStatus.Healthy;

    /// <summary>Of the worse of its connections.</summary>
    public BusHealthStatus Status => _bus is null ? BusHealthStatus.Unhealthy : new[] { _bus, _answers }.OfType<IBusControl>().Min(bus => bus.CheckHealth().Status);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LogContext.ConfigureCurrentLogContext(module.Logs);
        if (module.Module.Consumers.Any(consumer => consumer.OfProcess))
            await (_answers = Make(ofProcess: true)).StartAsync(cancellationToken);
        _bus = Make(ofProcess: false);
        await _bus.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Stops receiving, lets handlers finish, returns the rest to the broker. Not everything in it ends with the token: the caller must not wait without a bound.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _stopped ??= EndAsync(cancellationToken);

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (var bus in new[] { _bus, _answers }.OfType<IBusControl>())
            await bus.StopAsync(cancellationToken);
    }

    /// <summary>For a bus that nobody has stopped: its host did not start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped is not null)
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await StopAsync(patience.Token).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private IBusControl Make(bool ofProcess) => MassTransit.Bus.Factory.CreateUsingRabbitMq(bus => Configure(bus, ofProcess));

    private void Configure(IRabbitMqBusFactoryConfigurator bus, bool ofProcess)
    {
        var part = ofProcess ? "answers" : "bus";
        bus.Host(broker, host => host.ConnectionName($"fleet {module.Module.Name}{(ofProcess ? " answers" : "")}"));
        bus.OverrideDefaultBusEndpointQueueName($"{module.Module.Name}-{part}-{Environment.MachineName}-{Environment.ProcessId}".ToLowerInvariant());
        bus.MessageTopology.SetEntityNameFormatter(new BusNames());
        bus.SendTopology.ConfigureErrorSettings = settings => settings.SetQuorumQueue();
        bus.SendTopology.ConfigureDeadLetterSettings = settings => settings.SetQuorumQueue();

        // Their exchanges are in the broker's definitions. MassTransit would declare them again on each new connection; and when that one breaks meanwhile,
        // whoever publishes next waits for a declaration that nobody makes any more (see OneTimeSetupTests), and nothing is announced until a restart.
        foreach (var message in module.Module.Announcements.Select(announcement => announcement.MessageType).Concat(module.Module.Says).Distinct())
            bus.Publish(message, publish => publish.Exclude = true);

        foreach (var consumer in module.Module.Consumers.Where(consumer => consumer.OfProcess == ofProcess))
            bus.ReceiveEndpoint(QueueOf(consumer), endpoint =>
            {
                if (consumer.OfProcess)
                    (endpoint.Durable, endpoint.AutoDelete) = (false, true);
                else
                    endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = 64;
                endpoint.PublishFaults = false; // the error queue holds the message and its fault; nobody listens for a second copy
                endpoint.UseMessageRetry(RetryTransient);
                endpoint.UseMessageRetry(RetryRest);
                consumer.Configure(endpoint, module);
            });
    }

    private string QueueOf(Consumer consumer) => $"{module.Module.Name}-{consumer.Name}{(consumer.OfProcess ? $"-{_process}" : "")}";

    // A database or broker that is away comes back: hold the message (it is not acknowledged), wait, try again. 20 minutes stays
    // below the broker's own consumer timeout of 30.
    private static void RetryTransient(IRetryConfigurator retry)
    {
        retry.Handle<NpgsqlException>(e => e.IsTransient || e is not PostgresException);
        retry.Handle<SocketException>();
        retry.Handle<TimeoutException>();
        retry.Handle<EventStore.ConcurrencyException>();
        retry.Exponential(240, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(100));
    }

    // Anything else is a defect or poison: three tries, then the error queue, and the next message goes on.
    private static void RetryRest(IRetryConfigurator retry)
    {
        retry.Ignore<NpgsqlException>(e => e.IsTransient || e is not PostgresException);
        retry.Ignore<EventStore.ConcurrencyException>();
        retry.Intervals(50, 200, 1000);
    }
}
