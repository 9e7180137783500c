using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.People;
using Npgsql;

namespace Fleet.Identity.OAuth;

/// <summary>
/// Slows down who guesses: after a few wrong tries in a row for one name each further one waits, twice as long each time; a right one forgets them. It holds for the name whoever asks, so a stranger can delay
/// somebody by the longest wait, never lock him out. The count is in the database, so that all instances share it. Names are
/// kept as keyed hashes.
/// </summary>
/// <param name="kind">What is guessed; each has its own count.</param>
/// <param name="free">Wrong ones before the first wait.</param>
/// <param name="longest">The longest wait, a minute when left out; who has not tried for fifteen times as long is forgotten.</param>
/// <param name="capacity">Names remembered at about most; beyond it those that tried longest ago are forgotten.</param>
public sealed class LockOut(ModuleContext module, PeopleKey people, string kind, int free = LockOut.Free, TimeSpan? longest = null, int capacity = 100_000)
{
    public const int Free = 5;

    public const string Table =
        """
        create table if not exists fleet_wrong_try (
            who varchar primary key,
            tries int not null,
            last timestamptz not null,
            forgotten timestamptz not null);
        create index if not exists fleet_wrong_try_forgotten on fleet_wrong_try (forgotten);
        create index if not exists fleet_wrong_try_last on fleet_wrong_try (last)
        """;

    // 1 s after the fifth wrong secret, 2 s after the sixth, … Before that nothing is waited for, not even the moment of the
    // last try: of two at once, the one whose clock was read first may be counted second.
    private const string Until = "case when t.tries < $3 then '-infinity' else t.last + make_interval(secs => least($4, power(2, least(t.tries - $3, 30)))) end";

    private const string Count =
        $"""
        insert into fleet_wrong_try as t (who, tries, last, forgotten) values ($1, 1, $2, $5)
        on conflict (who) do update set tries = case when t.forgotten <= $2 then 1 else t.tries + 1 end, last = greatest(t.last, $2), forgotten = $5 where t.forgotten <= $2 or {Until} <= $2
        """;

    private const int LookEvery = 256;

    private readonly TimeSpan _longest = longest ?? TimeSpan.FromMinutes(1);
    private int _tries;

    /// <summary>How long this name still has to wait; null when it may try. For what many may rightly show at once; else <see cref="TryAsync"/>.</summary>
    public async Task<TimeSpan?> WaitAsync(string name, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        return await LeftAsync(session, name, module.Clock.GetUtcNow(), cancel);
    }

    /// <summary>Counts a try as wrong: because it was, or until it is known to be right.</summary>
    /// <returns>How long this name still has to wait, and then nothing was counted; null when it may try.</returns>
    public async Task<TimeSpan?> TryAsync(string name, CancellationToken cancel)
    {
        var now = module.Clock.GetUtcNow();
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using (var count = Command(session, Count, Who(name), now, free, _longest.TotalSeconds, now + (15 * _longest)))
            if (await count.ExecuteNonQueryAsync(cancel) == 0)
                return await LeftAsync(session, name, now, cancel) ?? TimeSpan.FromMilliseconds(1);
        await using (var forget = Command(session, "delete from fleet_wrong_try where ctid in (select ctid from fleet_wrong_try where forgotten <= $1 limit 100 for update skip locked)", now))
            await forget.ExecuteNonQueryAsync(cancel);
        if (Interlocked.Increment(ref _tries) % LookEvery == 0)
            await using (var tooMany = Command(session, "delete from fleet_wrong_try where ctid in (select ctid from fleet_wrong_try where last <= (select last from fleet_wrong_try order by last desc offset $1 limit 1) for update skip locked)", capacity))
                await tooMany.ExecuteNonQueryAsync(cancel);
        await session.SaveChangesAsync(cancel);
        return null;
    }

    /// <summary>It was right: all wrong ones before it are forgotten.</summary>
    public Task SucceededAsync(string name, CancellationToken cancel) => ExecuteAsync("delete from fleet_wrong_try where who = $1", name, cancel);

    /// <summary>It was not wrong, and makes up for none of those before it.</summary>
    public Task TakeBackAsync(string name, CancellationToken cancel) => ExecuteAsync("update fleet_wrong_try set tries = greatest(tries - 1, 0) where who = $1", name, cancel);

    private async Task ExecuteAsync(string sql, string name, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var command = new NpgsqlCommand(sql, session.Connection, session.Transaction) { Parameters = { new() { Value = Who(name) } } };
        await command.ExecuteNonQueryAsync(cancel);
        await session.SaveChangesAsync(cancel);
    }

    private async Task<TimeSpan?> LeftAsync(BatchSession session, string name, DateTimeOffset now, CancellationToken cancel)
    {
        await using var left = Command(session, $"select extract(epoch from {Until} - $2)::float8 from fleet_wrong_try t where who = $1 and forgotten > $2 and {Until} > $2", Who(name), now, free, _longest.TotalSeconds);
        return await left.ExecuteScalarAsync(cancel) is double seconds ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static NpgsqlCommand Command(BatchSession session, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, session.Connection, session.Transaction);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        return command;
    }

    private string Who(string name) => people.Sign($"try {kind}", name);
}
