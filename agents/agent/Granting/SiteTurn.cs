using System.Globalization;
using Fleet.Agent.Spooling;

namespace Fleet.Agent.Granting;

// what the consent service answers -> whose turn it is at the site -> what may be stored and sent

/// <summary>
/// Two agents at one site: one reports, the other waits. Which one is decided where grants come from: who goes on asking for the site's grant has it, and it is only given to one.
/// What both have read in the time in which neither knew is said by the one that has the site.
/// </summary>
public sealed class SiteTurn(Spool spool, TimeProvider clock, AgentLog log)
{
    /// <summary>An agent that another one waits for and that has not been answered for so long sends nothing: the other may already have the site (after 70 s).</summary>
    public static readonly TimeSpan HoldBack = TimeSpan.FromSeconds(55);

    private volatile State now = new(default, AnotherWaits: false, null);
    private bool toldHeldBack;

    private sealed record State(DateTimeOffset InTouch, bool AnotherWaits, string? HeldBy);

    /// <summary>The agent that reports from the site instead of this one; null when this one does, as far as it knows.</summary>
    public string? HeldBy => now.HeldBy;

    /// <summary>Whether what the spool holds may go out at this moment.</summary>
    public bool MaySend
    {
        get
        {
            var state = now;
            var may = state.HeldBy is not null || !state.AnotherWaits || clock.GetUtcNow() - state.InTouch < HoldBack;
            if (!may && !toldHeldBack) log.Warn("no grant was to be had for a minute, and another agent waits at this site: what is read is kept until it is known whose turn it is");
            toldHeldBack = !may;
            return may;
        }
    }

    /// <summary>An earlier run had the site.</summary>
    public void Kept(bool anotherWaits) => now = now with { AnotherWaits = anotherWaits };

    /// <summary>The site is this agent's.</summary>
    /// <param name="asked">When it asked: from then on nobody else has it for a while.</param>
    /// <param name="anew">It had it not before, or does not remember: what others said meanwhile it does not know.</param>
    public void Granted(DateTimeOffset asked, bool anotherWaits, bool anew)
    {
        if (now.HeldBy is { } before) log.Info($"{before} has fallen silent: this agent reports from the site now");
        if (anew) spool.TakeOver();
        now = new(asked, anotherWaits, null);
    }

    /// <summary>The site is another agent's. What this one has read since then and not sent, that one has read, too.</summary>
    /// <param name="asked">When this one asked; not when it was answered, so that the moment the other took over is never taken for a later one than it was.</param>
    /// <param name="lasting">For how long it has been.</param>
    public void Held(string by, DateTimeOffset asked, TimeSpan lasting)
    {
        var dropped = spool.HandOver(asked - lasting);
        if (dropped > 0) log.Warn(string.Create(CultureInfo.InvariantCulture, $"{dropped} events this agent made since {by} took over are not sent: {by} made its own"));
        if (now.HeldBy != by)
            log.Info(string.Create(CultureInfo.InvariantCulture, $"{by} reports from this site, for {lasting.TotalMinutes:0} minutes now: this agent waits, and takes over when that one falls silent"));
        now = new(asked, AnotherWaits: true, by);
    }
}
