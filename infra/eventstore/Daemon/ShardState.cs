namespace Fleet.EventStore;

/// <summary>Where one view or subscription stands.</summary>
/// <param name="Name">Name of the view or subscription.</param>
/// <param name="Sequence">Everything up to here is in the rows, or was handed over.</param>
/// <param name="HighWaterMark">The newest event that was committed when asked.</param>
/// <param name="Failure">Why it stands still; null when it does not.</param>
/// <param name="FailedSequence">The event it stands before, if the failure names one.</param>
public sealed record ShardState(string Name, long Sequence, long HighWaterMark, string? Failure = null, long? FailedSequence = null, DateTimeOffset? FailedAt = null)
{
    /// <summary>How many sequence numbers it is behind.</summary>
    public long Lag => Math.Max(0, HighWaterMark - Sequence);
}
