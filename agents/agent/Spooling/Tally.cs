namespace Fleet.Agent.Spooling;

/// <summary>Events since the state directory was made. Accepted = sent + kept + refused, at any moment, also after kill −9.</summary>
/// <param name="Sent">Confirmed by the broker.</param>
/// <param name="Kept">In the spool.</param>
/// <param name="Refused">Dropped because the spool was full or they grew too old in it; what is still so is said again.</param>
public sealed record Tally(long Sent, long Kept, long Refused)
{
    public long Accepted => Sent + Kept + Refused;
}
