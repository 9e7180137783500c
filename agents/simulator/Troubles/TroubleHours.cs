using Fleet.Simulator.Pages;

namespace Fleet.Simulator.Troubles;

/// <summary>Which troubles a printer has: each hour draws anew and no trouble outlives its hour, so any moment can be answered alone.</summary>
public static class TroubleHours
{
    private sealed record Odds(TroubleKind Kind, Topic Topic, double PerWorkingHour, int MinMinutes, int MaxMinutes);

    private static readonly Odds[] Table =
    [
        new(TroubleKind.Jam, Topic.Jam, 0.03, 3, 20),
        new(TroubleKind.Door, Topic.Door, 0.05, 1, 6),
        new(TroubleKind.PaperOut, Topic.PaperOut, 0.05, 4, 40),
        new(TroubleKind.PaperLow, Topic.PaperLow, 0.07, 15, 50),
        new(TroubleKind.Service, Topic.Service, 0.004, 30, 55)
    ];

    // Somebody is always in the building: a printer at night is not quite without troubles.
    private const double QuietHours = 0.5;

    /// <summary>Every trouble of the hour that holds this moment, begun or not, in order of time.</summary>
    /// <param name="factor">How much more often than usual; a demo wants to see something happen.</param>
    public static IReadOnlyList<Trouble> Of(Draw printer, DateTimeOffset at, double factor = 1)
    {
        var hour = at.ToUnixTimeSeconds() / 3600;
        var start = DateTimeOffset.FromUnixTimeSeconds(hour * 3600);
        var troubles = new List<Trouble>();
        foreach (var odds in Table)
        {
            var draw = printer.For(odds.Topic, hour);
            if (!draw.Chance(odds.PerWorkingHour * factor * (DutyCurve.IsWorking(start) ? 1 : QuietHours))) continue;
            var lasts = draw.For(1).Whole(odds.MinMinutes * 60, odds.MaxMinutes * 60);
            var from = start.AddSeconds(draw.For(2).Whole(0, 3600 - lasts));
            var index = (int)((hour % 100_000 * Table.Length) + (int)odds.Kind + 1);
            troubles.Add(new(odds.Kind, from, from.AddSeconds(lasts), index));
        }
        return [.. troubles.OrderBy(trouble => trouble.From)];
    }

    /// <summary>While stopped, the time of day since when nothing came out; stops that overlap count as one.</summary>
    public static TimeSpan? HeldSince(IReadOnlyList<Trouble> ofHour, DateTimeOffset at)
    {
        var moment = at;
        while (ofHour.FirstOrDefault(trouble => trouble.Stops && trouble.From < moment && moment < trouble.To) is { } stop) moment = stop.From;
        return moment < at ? moment.UtcDateTime.TimeOfDay : null;
    }
}
