namespace Fleet.Simulator.Supplies;

/// <summary>One row of prtInputTable.</summary>
/// <param name="Type">PrtInputTypeTC: 3 sheetFeedAutoRemovableTray, 4 …NonRemovable, 5 sheetFeedManual.</param>
/// <param name="Share">The part of all paper that is taken from here.</param>
/// <param name="Tells">Exactly, or only that there is some.</param>
public sealed record Tray(int Index, string Name, int Type, long Capacity, double Share, Tells Tells = Tells.Exactly)
{
    /// <summary>prtInputCurrentLevel. Somebody refills it before it is quite empty, unless a trouble says otherwise.</summary>
    public long Level(Draw printer, long sheets, bool isOut)
    {
        if (isOut || Share == 0) return 0;
        if (Tells != Tells.Exactly) return -3;
        var refillAfter = Math.Max(1, (long)(Capacity * 0.9));
        return Capacity - (((long)(sheets * Share) + printer.For(Topic.TrayStart, Index).Whole(0, refillAfter)) % refillAfter);
    }
}
