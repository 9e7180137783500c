using Fleet.Telemetry.Held;
using Fleet.Testing;
using Npgsql;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>An agent that is faster than the news that it was let in loses nothing; who was let in by nobody gets nowhere.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HeldBatchTests : IDisposable
{
    private readonly SigningSite _hq = new();
    private RunningTelemetry _telemetry = null!;

    [SetUp]
    public async Task StartAsync() => _telemetry = await RunningTelemetry.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    public void Dispose() => _hq.Dispose();

    [Test]
    public async Task What_came_before_the_key_was_known_is_kept_when_it_is_in_order_and_once()
    {
        var batches = new[] { _hq.SendsAt(Noon, Seen(), Meter(1)), _hq.SendsAt(Noon.AddHours(1), Meter(2)), _hq.SendsAt(Noon.AddHours(2), Meter(3)) };
        foreach (var batch in batches.Reverse().Append(batches[0]))
            await _telemetry.Edge.PublishAsync(batch);
        await HeldAsync(3);
        Assert.That(await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices"), Is.Empty, "nothing is believed yet");

        await _telemetry.Service.Bus.PublishAsync(_hq.Enrolled);
        await _telemetry.HeardAsync(_hq.Site);

        var agent = (await _telemetry.ItemsAsync("/api/v1/agents")).Single();
        var device = (await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices")).Single().GetProperty("id").GetString();
        Assert.That((agent.GetProperty("acceptedBatches").GetInt64(), agent.GetProperty("forgedBatches").GetInt64()), Is.EqualTo((3L, 0L)));
        Assert.That(await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{device}/readings"), Has.Length.EqualTo(3));
        Assert.That(await CountAsync(), Is.Zero);
    }

    [Test]
    public async Task What_waited_for_a_key_that_never_came_is_a_counted_refusal_and_gone()
    {
        await _telemetry.Edge.PublishAsync(_hq.SendsAt(Noon, Meter(1)));
        await HeldAsync(1);
        var dropping = _telemetry.Service.Context(Telemetry.Module) is var module ? new DropHeld(module) : null!;
        Assert.That(await dropping.DropAsync(CancellationToken.None), Is.Zero, "the wait is not over");

        await ExecuteAsync("update telemetry.held_batch set held_at = held_at - interval '61 minutes'");

        Assert.That(await dropping.DropAsync(CancellationToken.None), Is.EqualTo(1));
        await _telemetry.Service.SettledAsync();
        var agent = (await _telemetry.ItemsAsync("/api/v1/agents")).Single();
        var refusals = await _telemetry.ItemsAsync("/api/v1/tenants/acme/refusals");
        Assert.That((agent.GetProperty("acceptedBatches").GetInt64(), agent.GetProperty("forgedBatches").GetInt64(), await CountAsync()), Is.EqualTo((0L, 1L, 0L)));
        Assert.That(refusals.Select(r => r.GetProperty("reason").GetString()), Is.EqualTo(new[] { "unknown-key" }));
    }

    private Task HeldAsync(int batches) => Eventually.IsTrueAsync($"{batches} batches to wait", async () => await CountAsync() == batches);

    private async Task<long> CountAsync()
    {
        await using var database = NpgsqlDataSource.Create(_telemetry.Service.Place.DatabaseOf("telemetry").Owner);
        await using var command = database.CreateCommand("select count(*) from telemetry.held_batch");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(_telemetry.Service.Place.DatabaseOf("telemetry").Owner);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
