using Fleet.Telemetry.Edge;
using Npgsql;

namespace Fleet.Benchmarks.Ingest;

/// <param name="Lag">From the last confirm until every read model had everything.</param>
internal sealed record Ran(double EventsPerSecond, TimeSpan Lag, double MemoryGrowth, double CpuPerEvent, double BytesPerEvent);

/// <summary>All agents publish what is theirs as fast as the broker confirms; over when streams and read models have it.</summary>
internal sealed class Run(IReadOnlyList<LoadAgent> load, IReadOnlyList<IReadOnlyList<EdgeDelivery>> batches, NpgsqlDataSource database, GateProcess gate, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly long _messages = batches.Sum(one => one.Count), _events = batches.Sum(agent => agent.Sum(batch => (long)CountOf(batch)));

    /// <exception cref="TimeoutException">Not all came.</exception>
    public async Task<Ran> GoAsync(int unconfirmed, TimeSpan patience)
    {
        var (before, bytes, cpu) = (await AcceptedAsync(), await BytesAsync(), gate.Cpu);
        var began = clock.GetTimestamp();
        var publishing = Task.WhenAll(load.Zip(batches, (agent, own) => agent.PublishAsync(own, unconfirmed)));
        var (third, confirmed) = (0.0, (TimeSpan?)null);
        while (true)
        {
            await Task.Delay(Look, clock);
            var elapsed = clock.GetElapsedTime(began);
            if (publishing.IsCompleted)
            {
                await publishing;
                confirmed ??= elapsed;
            }
            var accepted = await AcceptedAsync() - before;
            if (third == 0 && accepted >= _messages / 3)
                third = gate.Memory;
            if (accepted >= _messages && await LagsAsync() == 0)
                return new(_events / elapsed.TotalSeconds, elapsed - (confirmed ?? elapsed), gate.Memory / third, (gate.Cpu - cpu).TotalMicroseconds / _events, (await BytesAsync() - bytes) / (double)_events);
            if (elapsed > patience)
                throw new TimeoutException($"After {elapsed.TotalSeconds:0} s {accepted} of {_messages} batches are accepted");
        }
    }

    private Task<long> AcceptedAsync() => ScalarAsync("select coalesce(sum(version), 0)::bigint from telemetry.mt_streams where id like 'agent/%'");

    // What the slowest read model has not seen of what is stored.
    private Task<long> LagsAsync() => ScalarAsync("select (select max(seq_id) from telemetry.mt_events) - coalesce(min(last_seq_id), 0) from telemetry.mt_event_progression where name like 'fleet-view/%'");

    private Task<long> BytesAsync() => ScalarAsync("select pg_database_size(current_database())");

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int CountOf(EdgeDelivery batch) => Contracts.Edge.V1.BatchStatement.Events(batch.Body).Count;
}
