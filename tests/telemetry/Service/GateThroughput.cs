using System.Diagnostics.Metrics;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Gate;
using Fleet.Telemetry.Tests.Gate;
using Fleet.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>
/// Figures, not checks: <c>dotnet test -c Release tests/telemetry --filter FullyQualifiedName~GateThroughput --logger "console;verbosity=normal"</c>.
/// 20 agents with 50 devices each, one reading a device in each batch, so many batches that most devices are known.
/// </summary>
[Explicit("measures; minutes long")]
public class GateThroughput
{
    private const int Agents = 20, DevicesOfAgent = 50, Rounds = 50, BatchesInPass = 100;
    private const int Events = Agents * DevicesOfAgent * Rounds;

    private readonly MeterListener _meter = new();
    private int _passes;
    private double _appending;

    [OneTimeSetUp]
    public void Listen()
    {
        _meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "fleet.telemetry.append.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _meter.SetMeasurementEventCallback<double>((_, seconds, _, _) => (_passes, _appending) = (_passes + 1, _appending + seconds));
        _meter.Start();
    }

    [SetUp]
    public void Forget() => (_passes, _appending) = (0, 0);

    [OneTimeTearDown]
    public void StopListening() => _meter.Dispose();

    [Test]
    public async Task Reading_and_deciding_alone()
    {
        var deliveries = Load().ToList();
        var world = GateWorld.OfAcme();
        var began = Now();
        foreach (var chunk in deliveries.Chunk(BatchesInPass))
            world.Receives(chunk);
        await SayAsync("read and decided, on streams in memory", began);
    }

    [Test]
    public async Task One_pass_after_another_into_the_database()
    {
        await using var telemetry = await RunningTelemetry.StartAsync();
        var gate = new GateTransaction(new ModuleContext(
            Telemetry.Module, telemetry.Store, TestClock.Real, new ConfigurationBuilder().Build(), NullLoggerFactory.Instance));
        var deliveries = Load().ToList();
        var began = Now();
        foreach (var chunk in deliveries.Chunk(BatchesInPass))
            await gate.RunAsync([.. chunk.Select(ReadBatch.Read)], CancellationToken.None);
        await SayAsync("committed (projections and announcements running beside)", began);
        await telemetry.Service.SettledAsync();
        await SayAsync("committed, projected and announced", began);
    }

    [Test]
    public async Task From_a_publisher_through_the_broker_into_the_database()
    {
        await using var telemetry = await RunningTelemetry.StartAsync();
        var deliveries = Load().ToList();
        var began = Now();
        foreach (var chunk in deliveries.Chunk(BatchesInPass))
            await Task.WhenAll(chunk.Select(telemetry.Edge.PublishAsync));
        await SayAsync("published and confirmed", began);
        for (var agent = 0; agent < Agents; agent++)
            await Eventually.IsTrueAsync($"the last batch of agent {agent}", async () =>
                await telemetry.AgentAsync(AgentOf(agent)) is { Highest: Rounds, Missing.IsEmpty: true }, TimeSpan.FromMinutes(5));
        await SayAsync("committed", began);
        await telemetry.Service.SettledAsync();
        await SayAsync("committed, projected and announced", began);
    }

    private static Site AgentOf(int number) => new("acme", $"site-{number}", $"agent-{number}");

    private static IEnumerable<EdgeDelivery> Load()
    {
        var agents = Enumerable.Range(0, Agents).Select(AgentOf).ToList();
        for (var round = 1; round <= Rounds; round++)
            foreach (var agent in agents)
                yield return agent.SendsAt(Noon.AddMinutes(round), [.. Enumerable.Range(0, DevicesOfAgent).Select(device =>
                    Meter(round, new DeviceRef($"k{device}", "Kyocera", $"{agent.Name}-{device}")))]);
    }

    // On a machine that does other things too, the processor time says more than the clock.
    private Task SayAsync(string what, (long At, TimeSpan Cpu) began)
    {
        var (took, cpu) = (TestClock.Real.GetElapsedTime(began.At), Environment.CpuUsage.TotalTime - began.Cpu);
        return TestContext.Out.WriteLineAsync(
            $"{Events} events {what}: {took.TotalSeconds:0.0} s, {Events / took.TotalSeconds:0} events/s; {cpu.TotalSeconds:0.0} s of this process's processor time, "
            + $"{_passes} passes, {_appending:0.0} s in append and commit");
    }

    private static (long At, TimeSpan Cpu) Now() => (TestClock.Real.GetTimestamp(), Environment.CpuUsage.TotalTime);
}
