using System.Net.Sockets;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Edge;
using MassTransit;
using Npgsql;

namespace Fleet.Telemetry.Gate;

// exchange edge -> ReadBatch -> GateTransaction (claim, load, Pass.Decide, append, save) -> acknowledged
/// <summary>Many edge batches, one transaction. What cannot be kept is a recorded fact, so nothing an agent sends can block a queue.</summary>
public sealed class AcceptBatches(ModuleContext module) : IConsumer<Batch<EdgeDelivery>>
{
    private readonly GateTransaction _gate = new(module);

    public async Task Consume(ConsumeContext<Batch<EdgeDelivery>> context)
    {
        try
        {
            await AcceptAsync(context.Message.Select(m => m.Message), context);
        }
        catch (Exception e) when (context.Message.Length > 1 && !WillPass(e))
        {
            await OneByOneAsync(context);
        }
    }

    // A defect over one batch must not take its ninety-nine neighbours to the error queue.
    private async Task OneByOneAsync(ConsumeContext<Batch<EdgeDelivery>> context)
    {
        var failures = new List<Exception>();
        foreach (var message in context.Message)
            try
            {
                await AcceptAsync([message.Message], context);
                await message.NotifyConsumed(message.ReceiveContext.ElapsedTime, nameof(AcceptBatches));
            }
            catch (Exception e) when (!WillPass(e))
            {
                failures.Add(e);
            }
        if (failures.Count > 0)
            throw new AggregateException("The gate has a defect over a batch; it goes to the error queue", failures);
    }

    private async Task AcceptAsync(IEnumerable<EdgeDelivery> deliveries, ConsumeContext bus)
    {
        using var traces = new BatchTraces();
        await _gate.RunAsync([.. deliveries.Select(ReadBatch.Read).Select(traces.Follow)], new AskConsents(bus), bus.CancellationToken);
    }

    // The bus waits and tries again for these; see ModuleBus.
    private static bool WillPass(Exception e) =>
        e is EventStore.ConcurrencyException or TenantLeftException or SocketException or TimeoutException or OperationCanceledException
        || e is NpgsqlException { IsTransient: true } or (NpgsqlException and not PostgresException);
}
