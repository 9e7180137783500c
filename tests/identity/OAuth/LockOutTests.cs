using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.People;
using Fleet.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>Two instances of one store; the clock stands still.</summary>
public class LockOutTests
{
    private static readonly PeopleKey Key = new([.. Enumerable.Range(0, 32).Select(n => (byte)n)]);

    private readonly StoppedClock _clock = new();
    private RunningIdentity _identity = null!;

    [OneTimeSetUp]
    public async Task Start() => _identity = await RunningIdentity.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [SetUp]
    public async Task Forget() => await ExecuteAsync("delete from identity.fleet_wrong_try");

    [Test]
    public async Task Four_wrong_secrets_cost_nothing_the_fifth_a_second()
    {
        var lockOut = Instance();
        await FailAsync(lockOut, 5);
        Assert.That(await lockOut.TryAsync("boss", default), Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(await lockOut.TryAsync("boss", default), Is.EqualTo(TimeSpan.FromSeconds(1)), "who waits is not counted");
    }

    [Test]
    public async Task What_one_instance_counts_the_other_knows()
    {
        var (one, other) = (Instance(), Instance());
        await FailAsync(one, 3);
        await FailAsync(other, 2);
        Assert.That((await one.TryAsync("boss", default), await other.WaitAsync("boss", default)), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(1), (TimeSpan?)TimeSpan.FromSeconds(1))));
    }

    [Test] // the twin: what does not share a count does not know
    public async Task Another_kind_of_guess_has_its_own_count()
    {
        await FailAsync(Instance(), 3);
        await FailAsync(Instance("user-code"), 2);
        Assert.That(await Instance().WaitAsync("boss", default), Is.Null);
        Assert.That(await Instance().TryAsync("boss", default), Is.Null);
    }

    [Test]
    public async Task A_hundred_tries_at_once_are_a_hundred()
    {
        var (one, other) = (Instance(), Instance());
        var waits = await Task.WhenAll(Enumerable.Range(0, 100).Select(n => (n % 2 == 0 ? one : other).TryAsync("boss", default)));
        Assert.That(waits.Count(wait => wait is null), Is.EqualTo(LockOut.Free));
    }

    [Test]
    public async Task Of_two_at_once_neither_waits_for_the_other_whichever_clock_was_read_first()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        await FailAsync(Instance(), 2);
        _clock.Advance(TimeSpan.FromSeconds(-1));
        await FailAsync(Instance(), 3);
        Assert.That(await Instance().TryAsync("boss", default), Is.EqualTo(TimeSpan.FromSeconds(2)), "the twin: all five were counted, and the last is the latest moment");
    }

    [Test]
    public async Task Each_further_one_doubles_the_wait_up_to_a_minute_and_the_wait_ends()
    {
        var lockOut = Instance();
        await FailAsync(lockOut, 5);
        var waits = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            waits.Add((await lockOut.TryAsync("boss", default))!.Value.TotalSeconds);
            _clock.Advance(TimeSpan.FromSeconds(waits[^1]));
            await FailAsync(lockOut, 1);
        }
        Assert.That(waits.Take(8), Is.EqualTo(new[] { 1.0, 2, 4, 8, 16, 32, 60, 60 }));
        Assert.That(waits.Skip(8), Is.All.EqualTo(60));
    }

    [Test]
    public async Task Waiting_long_is_forgiven()
    {
        var lockOut = Instance();
        await FailAsync(lockOut, 5);
        _clock.Advance(TimeSpan.FromMinutes(15));
        await FailAsync(lockOut, 4);
        Assert.That(await lockOut.TryAsync("boss", default), Is.Null);
    }

    [Test]
    public async Task A_right_secret_forgets_the_wrong_ones_and_another_client_does_not_wait()
    {
        var lockOut = Instance();
        await FailAsync(lockOut, 4);
        await lockOut.SucceededAsync("boss", default);
        await FailAsync(lockOut, 5);
        Assert.That((await lockOut.TryAsync("boss", default), await lockOut.TryAsync("tech", default)), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(1), (TimeSpan?)null)));
    }

    [Test]
    public async Task What_is_taken_back_makes_up_for_nothing()
    {
        var lockOut = Instance();
        await FailAsync(lockOut, 4);
        await lockOut.TryAsync("boss", default);
        await lockOut.TakeBackAsync("boss", default);
        Assert.That((await lockOut.TryAsync("boss", default), await lockOut.TryAsync("boss", default)), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)TimeSpan.FromSeconds(1))));
    }

    [Test]
    public async Task A_flood_of_names_takes_no_more_room_than_allowed_and_no_name_is_kept()
    {
        var lockOut = Instance(capacity: 100);
        for (var i = 0; i < 1_000; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await lockOut.TryAsync($"name-{i}@example.com", default);
        }
        await FailAsync(lockOut, 5);
        Assert.That(await ExecuteAsync("select count(*)::int from identity.fleet_wrong_try"), Is.LessThanOrEqualTo(100 + 256));
        Assert.That(await ExecuteAsync("select count(*)::int from identity.fleet_wrong_try where who like '%example%' or who like '%name%'"), Is.Zero);
        Assert.That(await lockOut.TryAsync("boss", default), Is.Not.Null, "who failed last is remembered");
    }

    private LockOut Instance(string kind = "client", int capacity = 100_000) => new(
        new ModuleContext(Identity.Module, _identity.Service.Store(Identity.Module), _clock, new ConfigurationBuilder().Build(), NullLoggerFactory.Instance), Key, kind, capacity: capacity);

    private static async Task FailAsync(LockOut lockOut, int times)
    {
        for (var i = 0; i < times; i++)
            Assert.That(await lockOut.TryAsync("boss", default), Is.Null, $"{i}");
    }

    private async Task<int?> ExecuteAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(_identity.Service.Place.DatabaseOf("identity").Owner);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as int?;
    }
}
