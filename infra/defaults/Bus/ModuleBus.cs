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
    private IBusControl? _bus;

    public IBus Bus => _bus ?? throw new InvalidOperationException($"The bus of {module.Module.Name} has not started");

    public bool IsHealthy => Status == BusHealthStatus.Healthy;

    public BusHealthStatus Status => _bus?.CheckHealth().Status ?? BusHealthStatus.Unhealthy;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LogContext.ConfigureCurrentLogContext(module.Logs);
        _bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(Configure);
        await _bus.StartAsync(cancellationToken);
    }

    /// <summary>Stops receiving, lets handlers finish, returns the rest to the broker.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_bus is not null)
            await _bus.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_bus is not null)
            await _bus.StopAsync(TimeSpan.FromSeconds(5));
    }

    private void Configure(IRabbitMqBusFactoryConfigurator bus)
    {
        bus.Host(broker, host => host.ConnectionName($"fleet {module.Module.Name}"));
        bus.OverrideDefaultBusEndpointQueueName($"{module.Module.Name}-bus-{Environment.MachineName}-{Environment.ProcessId}".ToLowerInvariant());
        bus.MessageTopology.SetEntityNameFormatter(new BusNames());
        bus.SendTopology.ConfigureErrorSettings = settings => settings.SetQuorumQueue();
        bus.SendTopology.ConfigureDeadLetterSettings = settings => settings.SetQuorumQueue();

        foreach (var consumer in module.Module.Consumers)
            bus.ReceiveEndpoint($"{module.Module.Name}-{consumer.Name}", endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = 64;
                endpoint.PublishFaults = false; // the error queue holds the message and its fault; nobody listens for a second copy
                endpoint.UseMessageRetry(RetryTransient);
                endpoint.UseMessageRetry(RetryRest);
                consumer.Configure(endpoint, module);
            });
    }

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
