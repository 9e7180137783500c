namespace Fleet.Agent.Polling;

/// <param name="Answered">When it last said something; null when it has not since the agent's start.</param>
/// <param name="Misses">Visits in a row without an answer.</param>
public readonly record struct Pulse(DateTimeOffset? Answered, int Misses)
{
    public const int SilentAfter = 3;

    public bool IsSilent => Misses >= SilentAfter;

    public Pulse After(Found found, DateTimeOffset at) => found == Found.NotAsked ? this : found.Answered ? new(at, 0) : this with { Misses = Misses + 1 };
}

/// <summary>A device on the list: where it is in its day and how it last answered. Ten thousand of these are kept, so each is one small object and nothing in it waits.</summary>
internal sealed class Followed(Target target)
{
    public Target Target => target;

    /// <summary>Null until it was first looked at.</summary>
    public Agenda? Agenda { get; set; }

    public Pulse Pulse { get; set; }

    /// <summary>When it is looked at next; null while a visit is under way.</summary>
    public DateTimeOffset? Due { get; set; }

    /// <summary>Since when it rests until its next turn; null before its first visit, during one, and where there is no grant to ask it under.</summary>
    public DateTimeOffset? Rests { get; set; }

    /// <summary>It called while it rested, and is looked at before its time.</summary>
    public bool HasCalled { get; set; }

    /// <summary>Ends the visit under way; null when there is none.</summary>
    public CancellationTokenSource? Until { get; set; }
}
