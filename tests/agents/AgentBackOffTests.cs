using Fleet.Agent.Publishing;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

public class AgentBackOffTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Pauses_grow_to_a_minute_and_no_failure_is_without_one()
    {
        var pauses = await RunAsync(failures: 16, goneWellAt: null);
        Assert.That(pauses, Has.Count.EqualTo(16).And.All.LessThanOrEqualTo(Longest));
        Assert.That(pauses.Take(2).Sum(pause => pause.TotalSeconds), Is.LessThan(5));
        Assert.That(pauses.TakeLast(6).Sum(pause => pause.TotalSeconds), Is.GreaterThan(60));
    }

    [Test]
    public async Task What_had_gone_well_is_tried_again_sooner_but_not_at_once()
    {
        var pauses = await RunAsync(failures: 13, goneWellAt: 12);
        Assert.That(pauses, Has.Count.EqualTo(13), "a pause after each failure, also after that one");
        Assert.That(pauses[^2], Is.LessThan(TimeSpan.FromSeconds(5)), "the first of a new series");
    }

    [Test]
    public void What_cannot_pass_is_thrown() => Assert.ThrowsAsync<NotSupportedException>(() =>
        new BackOff(new SnmpManualClock(), thrown => thrown is IOException, () => false, (_, _) => Assert.Fail("no pause")).RunAsync(_ => throw new NotSupportedException(), CancellationToken.None));

    /// <summary>Fails so often, then does what it should; the pauses there were.</summary>
    private static async Task<List<TimeSpan>> RunAsync(int failures, int? goneWellAt)
    {
        var (clock, pauses, tries) = (new SnmpManualClock(), new List<TimeSpan>(), 0);
        var running = new BackOff(clock, thrown => thrown is IOException, () => tries == goneWellAt, (_, pause) => pauses.Add(pause))
            .RunAsync(_ => tries++ < failures ? throw new IOException($"failure {tries}") : Task.CompletedTask, CancellationToken.None);
        while (!running.IsCompleted)
        {
            await Eventually(() => running.IsCompleted || clock.Armed > 0, "the next pause");
            clock.Advance(Longest);
        }
        await EndsAsync(running, "what was told to stop");
        return pauses;
    }
}
