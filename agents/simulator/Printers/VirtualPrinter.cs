using System.Globalization;
using System.Text;
using Fleet.Simulator.Pages;
using Fleet.Simulator.Personalities;
using Fleet.Simulator.Supplies;
using Fleet.Simulator.Troubles;

namespace Fleet.Simulator.Printers;

/// <summary>One printer of a seed. <see cref="At"/> is a pure function: nothing is stored, any moment can be asked, in any order.</summary>
public sealed class VirtualPrinter
{
    private const int DigitsOfNumber = 5;

    private readonly Draw draw;
    private readonly double troubles;
    private readonly PageAccount account;
    private readonly IReadOnlyList<Func<PageCounts, long>> spends;

    /// <param name="troubles">How much more often than usual something is wrong with it. No day's pages depend on it.</param>
    /// <param name="number">0 … 99,999; part of the serial, so that no two printers of a seed share one.</param>
    public VirtualPrinter(long seed, int number, double troubles = 1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, 100_000);
        (Seed, Number, this.troubles, draw) = (seed, number, troubles, Draw.From(seed, number));
        Personality = Pick(seed, number);
        account = new(draw, Personality.Usage);
        spends = [.. Personality.Supplies.Select(supply => CounterSum.Parse(supply.Spends))];
        Serial = SerialOf(Personality.Serial, number, draw.For(Topic.Serial));
        Mac = MacOf(Personality.Oui, number, draw.For(Topic.Mac));
    }

    public long Seed { get; }
    public int Number { get; }
    public Personality Personality { get; }
    public string Serial { get; }

    /// <summary>EUI-48, six octets.</summary>
    public IReadOnlyList<byte> Mac { get; }

    public PrinterState At(DateTimeOffset at)
    {
        var ofHour = TroubleHours.Of(draw, at, troubles);
        var pages = account.At(at, TroubleHours.HeldSince(ofHour, at));
        IReadOnlyList<Trouble> open = [.. ofHour.Where(trouble => trouble.Holds(at))];
        var paperOut = open.Any(trouble => trouble.Kind == TroubleKind.PaperOut);
        var fed = Personality.Trays.MaxBy(tray => tray.Share);
        return new(
            this, at, pages,
            [.. Personality.Supplies.Select((spec, row) => SupplyLevel.At(draw, spec, spends[row](pages)))],
            [.. Personality.Trays.Select(tray => tray.Level(draw, pages.Total - pages.Duplex, isOut: paperOut && tray == fed))],
            open, MovedSince(at.AddSeconds(-20), pages), UpTime(at));
    }

    private bool MovedSince(DateTimeOffset before, PageCounts pages) =>
        account.At(before, TroubleHours.HeldSince(TroubleHours.Of(draw, before, troubles), before)).Total < pages.Total;

    // Every group of as many printers as there are models holds each model once, in an order of its own.
    private static Personality Pick(long seed, int number)
    {
        var (group, place) = Math.DivRem(number, Personality.All.Count);
        return Personality.All
            .Select((personality, row) => (personality, Order: Draw.From(seed, group).For(Topic.Personality, row).Bits))
            .OrderBy(candidate => candidate.Order)
            .ElementAt(place).personality;
    }

    private static string SerialOf(string pattern, int number, Draw draw)
    {
        var digits = pattern.Count(c => c == '#');
        var leading = draw.Whole(0, (long)Math.Pow(10, digits - DigitsOfNumber)).ToString(CultureInfo.InvariantCulture).PadLeft(digits - DigitsOfNumber, '0');
        var left = new Queue<char>(leading + number.ToString("D5", CultureInfo.InvariantCulture));
        return pattern.Aggregate(new StringBuilder(), (text, c) => text.Append(c == '#' ? left.Dequeue() : c)).ToString();
    }

    private static byte[] MacOf(string oui, int number, Draw draw) =>
        [.. Convert.FromHexString(oui.Replace(":", "", StringComparison.Ordinal)), (byte)draw.Whole(0, 256), (byte)(number >> 8 & 0xff), (byte)(number & 0xff)];

    // It is switched off and on again early on Mondays; sysUpTime counts from there.
    private TimeSpan UpTime(DateTimeOffset at)
    {
        const long week = 7 * 86400;
        var monday = ((at.ToUnixTimeSeconds() - (4 * 86400)) / week * week) + (4 * 86400);
        var restart = DateTimeOffset.FromUnixTimeSeconds(monday + draw.For(Topic.Restart).Whole(3 * 3600, 6 * 3600));
        return at - (restart <= at ? restart : restart.AddDays(-7));
    }
}
