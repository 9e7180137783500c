using System.CommandLine;
using System.Security.Cryptography;
using Fleet.Agent;
using Fleet.Agent.Commands;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary><c>fleet-agent enrol</c> against an issuer that follows a script. Waiting takes no time here, and what it would have taken is written down.</summary>
public abstract class AgentEnrolFixture : AgentHome
{
    private readonly ImpatientClock clock = new();

    private protected AgentScriptedIssuer Issuer { get; private set; } = null!;

    protected IReadOnlyList<TimeSpan> Waits => clock.Waits;

    protected string ConfigFile => Path.Combine(Home, "config.json");

    protected string StateDir => Path.Combine(Home, "state");

    [SetUp]
    public void OpenIssuer()
    {
        Issuer = new();
        clock.Waits.Clear();
    }

    [TearDown]
    public void CloseIssuer() => Issuer.Dispose();

    protected async Task<(int Exit, string Said)> EnrolAsync(params string[] more) => await EnrolAsync(Issuer.Origin, StateDir, more);

    protected async Task<(int Exit, string Said)> EnrolAsync(string? api, string? state = "default", params string[] more)
    {
        var output = new StringWriter();
        var around = new Surroundings(clock, bytes => RandomNumberGenerator.Fill(bytes), new AgentLog(output, SystemClock));
        List<string> line = ["enrol", .. more];
        if (!more.Contains("--config")) line.AddRange(["--config", ConfigFile]);
        if (api is not null) line.AddRange(["--api", api]);
        if (state is not null) line.AddRange(["--state", state == "default" ? StateDir : state]);
        var exit = await new RootCommand { EnrolCommand.Build(around, output) }.Parse(line).InvokeAsync();
        return (exit, output.ToString());
    }

    /// <summary>The real time; whoever waits goes on at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => SystemClock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return SystemClock.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
