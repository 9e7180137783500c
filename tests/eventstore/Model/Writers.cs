using Npgsql;

namespace Fleet.EventStore.Tests.Model;

/// <summary>Writers that choose by a seed what to append where, and how.</summary>
public sealed class Writers(DocumentStore store, Ledger ledger, int seed)
{
    private static readonly string[] Tenants = ["acme", "globex"];
    private int foreign;

    /// <summary>Events appended without Fleet's lock, as a Marten client does.</summary>
    public int Foreign => foreign;

    public async Task WriteAsync(int writer, int units)
    {
        var random = new Random(unchecked(seed * 31 + writer));
        for (var unit = 0; unit < units; unit++)
        {
            var keys = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (Tenant: Tenants[random.Next(2)], Key: $"printer/{random.Next(6)}")).Distinct().ToArray();
            try
            {
                switch (random.Next(3))
                {
                    case 0: await BlindAsync(random, keys[0]); break;
                    case 1: await DecideAsync(random, keys[0]); break;
                    default: await BatchAsync(random, keys, $"{writer}-{(random.Next(5) == 0 && unit > 0 ? unit - 1 : unit)}"); break;
                }
            }
            catch (Exception e) when (e is NpgsqlException or ConcurrencyException or InvalidOperationException or IOException)
            {
                // Whether it was written is for the ledger to find out.
            }
        }
    }

    private async Task BlindAsync(Random random, (string Tenant, string Key) to)
    {
        await using var session = store.LightweightSession(to.Tenant);
        var (attempt, events) = Make(random, null, [to]);
        session.Events.Append(to.Key, events[0]);
        await SaveAsync(attempt, session.SaveChangesAsync);
    }

    private async Task DecideAsync(Random random, (string Tenant, string Key) to)
    {
        await using var session = store.LightweightSession(to.Tenant);
        var stream = await session.Events.FetchForWriting<Printer>(to.Key);
        var (attempt, events) = Make(random, null, [to]);
        stream.AppendMany(events[0]);
        await SaveAsync(attempt, session.SaveChangesAsync);
    }

    private async Task BatchAsync(Random random, (string Tenant, string Key)[] to, string message)
    {
        await using var session = store.BatchSession();
        if ((await session.ClaimAsync("test", [message])).Count == 0) return;
        var streams = await session.FetchForWriting<Printer>(to);
        var (attempt, events) = Make(random, message, to);
        foreach (var (stream, list) in streams.Zip(events)) stream.AppendMany(list);
        await SaveAsync(attempt, session.SaveChangesAsync);
    }

    private async Task SaveAsync(Attempt attempt, Func<CancellationToken, Task> save)
    {
        ledger.Attempted(attempt);
        await save(CancellationToken.None);
        ledger.Acknowledge(attempt);
    }

    private static (Attempt, IReadOnlyList<object[]>) Make(Random random, string? claim, (string Tenant, string Key)[] to)
    {
        var bytes = new byte[16];
        var events = to.Select(_ => Enumerable.Range(0, random.Next(1, 6)).Select(n =>
        {
            random.NextBytes(bytes);
            return new NewEvent(n == 0 ? new PrinterEvent.Named("x") : new PrinterEvent.Printed(random.Next(100)), new Guid(bytes));
        }).ToArray()).ToArray();
        var ids = to.Zip(events).SelectMany(pair => pair.Second.Select(e => (pair.First.Tenant, pair.First.Key, e.Id!.Value))).ToArray();
        return (new Attempt(claim, ids), [.. events.Select(list => list.ToArray<object>())]);
    }

    /// <summary>
    /// As Marten's quick append: read the version, take a number, insert under the next version, write the stream's row last. It knows
    /// no lock, so sequence order is not commit order; a version taken meanwhile fails it and burns the number.
    /// </summary>
    public async Task WriteLikeMartenAsync(int events)
    {
        var random = new Random(seed);
        await using var source = NpgsqlDataSource.Create($"{store.Options.Connection};Pooling=false;Search Path={store.Options.Schema}");
        for (var i = 0; i < events; i++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                var stream = $"printer/{random.Next(6)}";
                var version = await ScalarAsync(connection, "select coalesce((select version from mt_streams where tenant_id = 'acme' and id = $1), 0)", stream);
                var sequence = await ScalarAsync(connection, "select nextval('mt_events_sequence') where $1 <> ''", stream);
                await Task.Delay(random.Next(15));
                if (version == 0) await ScalarAsync(connection, "insert into mt_streams (tenant_id, id, type, version) values ('acme', $1, 'printer', 0)", stream);
                await ScalarAsync(connection, $$"""
                    insert into mt_events (seq_id, id, stream_id, version, data, type, tenant_id, is_archived)
                    values ({{sequence}}, gen_random_uuid(), $1, {{version + 1}}, '{"pages": 3}', 'printer_printed', 'acme', false)
                    """, stream);
                await ScalarAsync(connection, $"update mt_streams set version = {version + 1}, timestamp = now() where tenant_id = 'acme' and id = $1", stream);
                await Task.Delay(random.Next(15));
                if (random.Next(10) == 0) continue; // gone without a commit
                await transaction.CommitAsync();
                foreign++;
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation) { } // not written
        }
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, string stream)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = stream } } };
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}
