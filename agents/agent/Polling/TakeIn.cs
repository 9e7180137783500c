using System.Threading.Channels;
using Fleet.Agent.Events;
using Fleet.Agent.Spooling;

namespace Fleet.Agent.Polling;

/// <summary>The one place that reads visits and writes the spool: gathers for half a second or 500 events, then commits.</summary>
public sealed class TakeIn(ChannelReader<Visit> visits, Intake intake, Func<Fact> health, Action stored, TimeProvider clock)
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500), HealthEvery = TimeSpan.FromMinutes(5);

    /// <summary>Ends when the visits end, with everything written.</summary>
    public async Task RunAsync()
    {
        var healthAt = clock.GetUtcNow();
        while (await MoreAsync(healthAt))
        {
            await Task.Delay(Gather, clock);
            while (intake.Waiting < Cut.MostEvents && visits.TryRead(out var visit)) Take(visit);
            if (clock.GetUtcNow() is var now && now >= healthAt)
            {
                intake.Say(health(), now);
                healthAt = now + HealthEvery;
            }
            intake.Flush();
            stored();
        }
    }

    private async Task<bool> MoreAsync(DateTimeOffset healthAt)
    {
        var more = visits.WaitToReadAsync().AsTask();
        var wait = healthAt - clock.GetUtcNow();
        if (wait <= TimeSpan.Zero) return !visits.Completion.IsCompleted;
        return await Task.WhenAny(more, Task.Delay(wait, clock)) != more || await more;
    }

    private void Take(Visit visit)
    {
        if (visit.Observed is { } observed) intake.Take(observed, visit.Look.HasFlag(Look.Meters), visit.At, visit.GrantId);
        else intake.TakeSilence(visit.Target.Name, visit.At, visit.GrantId);
    }
}
