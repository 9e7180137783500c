using Fleet.Telemetry.Agents;
using Fleet.Testing;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Whoever has an agent's token and not its key says nothing in its name, and costs it nothing.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ForgedBatchTests : IDisposable
{
    private readonly SigningSite _hq = new();
    private RunningTelemetry _telemetry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        await _telemetry.Service.Bus.PublishAsync(_hq.Enrolled);
        await Eventually.IsTrueAsync("the agent's key to be known", async () => await _telemetry.AgentAsync(_hq.Site) is { Keys.IsEmpty: false });
    }

    [TearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    public void Dispose() => _hq.Dispose();

    [Test]
    public async Task A_forged_batch_in_front_of_the_true_one_takes_neither_its_place_nor_its_number()
    {
        var first = _hq.SendsAt(Noon, Seen(), Meter(1));
        var second = _hq.SendsAt(Noon.AddHours(1), Meter(2));

        await _telemetry.ReceiveAsync(_hq.Site,
            first, second with { Signature = null }, second with { Previous = new string('a', 64) }, second with { Sequence = 7 }, second, second);

        var agent = (await _telemetry.ItemsAsync("/api/v1/agents")).Single();
        var refusals = await _telemetry.ItemsAsync("/api/v1/tenants/acme/refusals");
        Assert.Multiple(() =>
        {
            Assert.That((agent.GetProperty("acceptedBatches").GetInt64(), agent.GetProperty("forgedBatches").GetInt64(), agent.GetProperty("missingBatches").GetInt64()), Is.EqualTo((2, 3, 0)));
            Assert.That((agent.GetProperty("highestSequence").GetInt64(), agent.GetProperty("keyId").GetString()), Is.EqualTo((2L, _hq.Enrolled.KeyId)));
            Assert.That(refusals.Select(r => (r.GetProperty("reason").GetString(), r.GetProperty("batches").GetInt64())), Is.EquivalentTo(new[] { ("unsigned", 1L), ("signature", 2L) }));
        });
    }

    [Test]
    public async Task A_revoked_agent_is_shown_without_a_key_and_says_nothing_more()
    {
        await _telemetry.ReceiveAsync(_hq.Site, _hq.SendsAt(Noon, Meter(1)));
        await _telemetry.Service.Bus.PublishAsync(_hq.RevokedAt(Noon.AddMinutes(1)));
        await Eventually.IsTrueAsync("the key's end to be known", async () => (await _telemetry.AgentAsync(_hq.Site))!.Keys.Single().RevokedAt is not null);

        await _telemetry.Edge.PublishAsync(_hq.SendsAt(Noon.AddMinutes(2), Meter(2)));

        await Eventually.IsTrueAsync("the batch to be refused", async () =>
            (await _telemetry.ItemsAsync("/api/v1/tenants/acme/refusals")).Any(r => r.GetProperty("reason").GetString() == "revoked-key"));
        var agent = (await _telemetry.ItemsAsync("/api/v1/agents")).Single();
        Assert.That((agent.GetProperty("acceptedBatches").GetInt64(), agent.GetProperty("keyId").GetString()), Is.EqualTo((1L, (string?)null)));
    }
}
