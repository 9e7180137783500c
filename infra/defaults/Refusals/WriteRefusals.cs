// CountedRefusals, each minute and at the stop -> stream refusal/{module} of each house
using Fleet.EventStore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Defaults;

/// <summary>Writes what was counted. A process that is killed loses at most the minute it was in; what cannot be written is counted on, and may be told twice when the connection breaks in the commit.</summary>
internal sealed class WriteRefusals(ModuleContext module, CountedRefusals counted) : IHostedService, IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _one = new(1);
    private Task _running = Task.CompletedTask;

    private bool Keeps => module.Module.Streams.Contains(AccessRefusals.Stream);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Keeps)
            _running = RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    /// <summary>No request is served any more: what they were refused is written now.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _one.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var log = module.Logs.CreateLogger<WriteRefusals>();
        while (true)
            try
            {
                await Task.Delay(Every, module.Clock, stop);
                await WriteAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or ConcurrencyException)
            {
                log.LogWarning(e, "{Module}: refusals could not be written; they are counted on", module.Module.Name);
            }
    }

    /// <summary>All that was counted until now, a transaction for each house.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        if (!Keeps)
            return;
        await _one.WaitAsync(cancel);
        var left = counted.Take().GroupBy(one => one.Key.House).ToList();
        var waiting = new List<IGrouping<House, (RefusalKey Key, int Times, DateTimeOffset First, DateTimeOffset Last)>>();
        try
        {
            while (left is [.., var house])
            {
                // Nothing is written of a tenant on its way to another region: it would not be what was exported. Stays it here, it is written then.
                if (house.Key.Tenant is { } tenant && await module.Store.Departures.FindAsync(tenant, cancel) is { LeftAt: null })
                    waiting.Add(house);
                else
                    await WriteAsync(house.Key.StoreTenant, [.. house.Select(Event)], cancel);
                left.RemoveAt(left.Count - 1);
            }
        }
        finally
        {
            foreach (var (key, times, first, last) in left.Concat(waiting).SelectMany(house => house))
                counted.Add(key, times, first, last);
            _one.Release();
        }
    }

    private async Task WriteAsync(string tenant, object[] events, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        session.Append(tenant, AccessRefusals.Key(module.Module.Name), events);
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (TenantLeftException)
        {
            // Refused while it left for another region: nothing of it is kept here.
            DepartedMeter.Dropped.Add(events.Length, new KeyValuePair<string, object?>("message", "refusals"));
        }
    }

    private static object Event((RefusalKey Key, int Times, DateTimeOffset First, DateTimeOffset Last) one) =>
        new RefusalEvent.Counted(one.Key.Kind, one.Key.By, one.Key.Role, one.Key.Problem, one.Key.Missing, one.Key.AskedTenant, one.Key.Route, one.Times, one.First, one.Last);
}
