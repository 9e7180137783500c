using Fleet.Agent;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Agent.Events;
using Fleet.Agent.Granting;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;

namespace Fleet.Agents.Tests;

/// <summary>Values the agent's tests share, and directories that go when the test does.</summary>
internal static class AgentSamples
{
    public static readonly DateTimeOffset Noon = new(2026, 10, 14, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly Today = new(2026, 10, 14);
    public static readonly DeviceRef Device = new("k1", "Kyocera", "RVP0001", "00:17:c8:00:00:01", "127.0.0.5");
    public static readonly ProfileRef Profile = new("kyocera", 3);

    public static readonly Observed Seen = new(
        "t1", Device,
        new DeviceSeen(Device, Profile, "TASKalfa 3554ci", "1.3.6.1.4.1.1347.41", "printer-1", "floor 1", "1.0"),
        new MeterRead(Device, Profile, [new("total", 100, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1")]),
        new SuppliesRead(Device, Profile, [new("1.1", "TK-8375K", "toner", "consumed", "black", "impressions", "measured", 500, 1000, 50.0m), new("1.5", "Waste", "wasteToner", "receptacle", null, "impressions", "some-remaining")]),
        new StatusChanged(Device, "running", "idle", []),
        []);

    /// <summary>Opens everything, for ever.</summary>
    public static readonly Grant OpenGrant = new("1-x", FieldGroups.All, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    public static AlertRaised Alert(int index, int code = 8) => new(Device, $"1.{index}", "critical", "mediaPath", 1, code, "Paper jam");

    public static AgentConfig Config(string stateDir, string brokerHost = "localhost", int brokerPort = 5671, string? caFile = null, string tokenUrl = "http://127.0.0.1:9/oauth/token", string? secretFile = null) => new(
        "acme", "hq", "acme-hq", new(brokerHost, brokerPort, caFile), stateDir, tokenUrl, "acme-hq", secretFile ?? Path.Combine(stateDir, "secret"));

    public static string FreshDirectory() => Directory.CreateTempSubdirectory("fleet-agent-test-").FullName;

    public static readonly SpoolOwner Owner = new("acme-hq", "acme", "hq");

    public static Spool Open(string directory, long maxBytes = 1 << 20, string site = "hq") =>
        Spool.Open(directory, Owner with { Site = site }, new(maxBytes, TimeSpan.FromDays(90)), new byte[32]);

    /// <summary>An entry whose event is this text as a JSON string.</summary>
    public static Entry Entry(string text, string lane = EdgeBatch.ReadingLane, string type = EdgeEventTypes.AgentHealth, string? traceParent = null) =>
        new(lane, type, null, System.Text.Encoding.UTF8.GetBytes($"\"{text}\""), traceParent);

    /// <summary>A real event, as the agent writes it.</summary>
    public static Entry Entry(Fact fact) => Fleet.Agent.Spooling.Entry.Of(fact, fact.At(Noon, EventId.At(Noon, new byte[10]), "/tenants/acme/sites/hq/agents/acme-hq", "acme"), default);

    public static void Accept(this Spool spool, params Entry[] entries) => spool.Accept(entries, [], Noon);

    public static Surroundings Around(TextWriter? log = null) => new(SystemClock, bytes => System.Security.Cryptography.RandomNumberGenerator.Fill(bytes), new AgentLog(log ?? TextWriter.Null, SystemClock));

#pragma warning disable RS0030 // composition root of these tests: sockets and brokers live in real time
    public static readonly TimeProvider SystemClock = TimeProvider.System;
#pragma warning restore RS0030

    /// <summary>Waits for something to become true, and says what it waited for when it does not.</summary>
    public static async Task Eventually(Func<bool> holds, string what, int seconds = 20)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!holds())
        {
            if (patience.IsCancellationRequested) Assert.Fail($"Waited {seconds} s for {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Waits for what was told to end, and says what does not.</summary>
    public static async Task EndsAsync(Task ending, string what, int seconds = 30)
    {
        if (await Task.WhenAny(ending, Task.Delay(TimeSpan.FromSeconds(seconds))) != ending) Assert.Fail($"Waited {seconds} s for {what} to end");
        await ending;
    }
}
