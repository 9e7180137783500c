using System.Diagnostics;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.EventStore;
using Npgsql;

namespace Fleet.Benchmarks.Store;

/// <summary>The event store against what plain COPY does with the same rows on the same server in the same run.</summary>
public static class StoreBench
{
    private const int Streams = 1_000, BatchesPerRound = 20, WarmUps = 3, Rounds = 9, Singles = 200;

    public static async Task<Report> RunAsync(TimeProvider clock)
    {
        await using var server = await TestPostgres.OpenAsync(clock);
        var prefix = $"bench{Environment.ProcessId}";
        var database = (await Databases.CreateAsync(server.ConnectionString, role => $"secret-of-{role}", ["store"], prefix))[0];
        try
        {
            await using var source = NpgsqlDataSource.Create(database.Owner);
            await using var store = await OpenAsync("measured", database, clock);
            await using (await OpenAsync("limit_of_copy", database, clock)) { } // only for its tables
            var limit = new CopyLimit(source, "limit_of_copy");
            await limit.PrepareAsync(Streams);
            return new Report("store", await ConditionsAsync(source), await MeasureAsync(store, limit, clock));
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            await DropAsync(server.ConnectionString, prefix);
        }
    }

    private static async Task<DocumentStore> OpenAsync(string schema, ServiceDatabase database, TimeProvider clock)
    {
        var store = new DocumentStore(new StoreOptions
        {
            Schema = schema,
            Connection = database.Owner,
            ReaderConnection = database.Reader,
            Clock = clock,
            Streams = [Meters.Stream, Meters.Levels],
            Views = [Meters.Devices],
        });
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return store;
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(DocumentStore store, CopyLimit limit, TimeProvider clock)
    {
        List<double> copied = [], batched = [], ratios = [];
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var (copy, batch) = await PairsAsync(store, limit, round + WarmUps, clock);
            if (round < 0) continue; // both sides warm up: code, tables, files of the log
            copied.Add(BatchesPerRound * Streams / copy.TotalSeconds);
            batched.Add(BatchesPerRound * Streams / batch.TotalSeconds);
            ratios.Add(copy / batch);
        }
        var decided = await DecideAsync(store, clock);
        var single = await SinglesAsync(store, writers: 1, clock);
        var singles = await SinglesAsync(store, writers: 8, clock);
        var (projected, rebuilt) = await ViewsAsync(store);
        return
        [
            Figure.Of("limit: COPY of the same rows, commit per 1,000", "events/s", copied),
            Figure.Of("batch append: 1,000 events over 1,000 streams", "events/s", batched),
            Figure.Of("batch append / limit", "ratio", ratios, goal: 0.75),
            Figure.Of("bus: claim, fetch, decide, append; 1,000 streams", "events/s", decided),
            Figure.Of("single append, one writer", "events/s", single),
            Figure.Of("single append, eight writers", "events/s", singles),
            Figure.Of("projection of a device view by the daemon, from 0", "events/s", projected),
            Figure.Of("rebuild of a device view", "events/s", rebuilt, goal: 50_000),
        ];
    }

    // Batch by batch in turn, and the first of each pair in turn: whatever else the machine does meets both.
    private static async Task<(TimeSpan Copy, TimeSpan Batch)> PairsAsync(DocumentStore store, CopyLimit limit, int round, TimeProvider clock)
    {
        var (copy, batch) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var n = round * BatchesPerRound; n < (round + 1) * BatchesPerRound; n++)
        {
            var now = clock.GetUtcNow();
            var rows = Enumerable.Range(0, Streams).Select(device =>
                (Meters.Key(device), Guid.CreateVersion7(now), JsonSerializer.SerializeToUtf8Bytes(Meters.Read(device, n, now), JsonSerializerOptions.Web))).ToArray();
            foreach (var copies in int.IsEvenInteger(n) ? new[] { true, false } : [false, true])
            {
                var began = Stopwatch.GetTimestamp();
                if (copies) await limit.WriteAsync(rows, n + 1, now);
                else await AppendAsync(store, n, now);
                if (copies) copy += Stopwatch.GetElapsedTime(began);
                else batch += Stopwatch.GetElapsedTime(began);
            }
        }
        return (copy, batch);
    }

    private static async Task AppendAsync(DocumentStore store, int value, DateTimeOffset now)
    {
        await using var session = store.BatchSession();
        for (var device = 0; device < Streams; device++) session.Append("acme", Meters.Key(device), Meters.Read(device, value, now));
        await session.SaveChangesAsync();
    }

    // What a consumer of the bus does: claim, fetch every stream, decide, append, save.
    private static async Task<List<double>> DecideAsync(DocumentStore store, TimeProvider clock)
    {
        var rounds = new List<double>();
        var streams = Enumerable.Range(0, Streams).Select(device => ("acme", $"level/{device:D5}")).ToArray();
        for (var round = 0; round < 5; round++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var batch = 0; batch < BatchesPerRound; batch++)
            {
                await using var session = store.BatchSession();
                await session.ClaimAsync("bench", [.. Enumerable.Range(0, Streams).Select(n => $"{round}/{batch}/{n}")]);
                foreach (var stream in await session.FetchForWriting<Level>(streams))
                    stream.AppendOne(new LevelEvent.LevelRead(stream.Key, "toner-black", (stream.Aggregate.Percent + 1) % 100, clock.GetUtcNow(), "percent", "kyocera-taskalfa-2554ci@7"));
                await session.SaveChangesAsync();
            }
            rounds.Add(BatchesPerRound * Streams / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        return rounds;
    }

    private static async Task<List<double>> SinglesAsync(DocumentStore store, int writers, TimeProvider clock)
    {
        var rounds = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < Singles / writers; i++)
                {
                    await using var session = store.LightweightSession("acme");
                    session.Events.Append(Meters.Key(writer), Meters.Read(writer, i, clock.GetUtcNow()));
                    await session.SaveChangesAsync();
                }
            })));
            rounds.Add(Singles / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        return rounds;
    }

    private static async Task<(List<double> Projected, List<double> Rebuilt)> ViewsAsync(DocumentStore store)
    {
        var events = (await store.AllProgressAsync())[0].HighWaterMark;
        await using var daemon = store.BuildProjectionDaemon();
        var began = Stopwatch.GetTimestamp();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(TimeSpan.FromMinutes(2));
        var projected = events / Stopwatch.GetElapsedTime(began).TotalSeconds;
        var rebuilt = new List<double>();
        for (var round = 0; round < 5; round++)
        {
            began = Stopwatch.GetTimestamp();
            await daemon.RebuildProjectionAsync(Meters.Devices.Name);
            rebuilt.Add(events / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        return ([projected], rebuilt);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ConditionsAsync(NpgsqlDataSource source)
    {
        var conditions = new Dictionary<string, string>
        {
            ["event"] = $"{JsonSerializer.SerializeToUtf8Bytes(Meters.Read(1, 1, DateTimeOffset.UnixEpoch), JsonSerializerOptions.Web).Length} bytes of JSON",
            ["processors"] = $"{Environment.ProcessorCount}, shared by server and client",
        };
        foreach (var setting in new[] { "server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers" })
        {
            await using var command = source.CreateCommand($"show {setting}");
            conditions[setting] = (string)(await command.ExecuteScalarAsync())!;
        }
        return conditions;
    }

    private static async Task DropAsync(string superuser, string prefix)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        foreach (var sql in new[] { $"drop database {prefix}_store with (force)", $"drop role {prefix}_store_reader", $"drop role {prefix}_store" })
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
