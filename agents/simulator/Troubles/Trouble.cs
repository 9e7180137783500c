namespace Fleet.Simulator.Troubles;

public enum TroubleKind { Jam, Door, PaperOut, PaperLow, Service }

/// <summary>Something that is wrong for a while: it begins, and somebody mends it before the hour is over.</summary>
public sealed record Trouble(TroubleKind Kind, DateTimeOffset From, DateTimeOffset To, int AlertIndex)
{
    /// <summary>Nothing comes out until it is mended.</summary>
    public bool Stops => Kind is TroubleKind.Jam or TroubleKind.Door or TroubleKind.PaperOut;

    public bool Holds(DateTimeOffset at) => From <= at && at < To;
}
