using Fleet.Simulator.Pages;
using Fleet.Simulator.Supplies;
using Fleet.Simulator.Troubles;

namespace Fleet.Simulator.Printers;

/// <summary>Everything a printer could be asked about one moment.</summary>
/// <param name="Trays">prtInputCurrentLevel, in the order of the personality's trays.</param>
/// <param name="Troubles">Those that hold now.</param>
public sealed record PrinterState(
    VirtualPrinter Printer, DateTimeOffset At, PageCounts Pages, IReadOnlyList<SupplyLevel> Supplies, IReadOnlyList<long> Trays,
    IReadOnlyList<Trouble> Troubles, bool IsPrinting, TimeSpan UpTime)
{
    public bool Has(TroubleKind kind) => Troubles.Any(trouble => trouble.Kind == kind);

    /// <summary>hrDeviceStatus (RFC 2790): 2 running, 3 warning, 5 down.</summary>
    public int DeviceStatus =>
        Troubles.Any(trouble => trouble.Stops) ? 5
        : Troubles.Count > 0 || Supplies.Any(supply => supply.IsToner && (supply.IsLow || supply.IsEmpty)) ? 3
        : 2;

    /// <summary>hrPrinterStatus (RFC 2790): 1 other (asleep or stopped), 3 idle, 4 printing.</summary>
    public int PrinterStatus => Troubles.Any(trouble => trouble.Stops) ? 1 : IsPrinting ? 4 : DutyCurve.IsWorking(At) ? 3 : 1;

    /// <summary>hrPrinterDetectedErrorState (RFC 2790): bit 0 is the highest bit of the first octet.</summary>
    public byte ErrorState
    {
        get
        {
            var toner = Supplies.Where(supply => supply.IsToner).ToList();
            ReadOnlySpan<bool> bits =
            [
                Has(TroubleKind.PaperLow), Has(TroubleKind.PaperOut), toner.Any(supply => supply.IsLow), toner.Any(supply => supply.IsEmpty),
                Has(TroubleKind.Door), Has(TroubleKind.Jam), false, Has(TroubleKind.Service)
            ];
            var state = 0;
            for (var bit = 0; bit < bits.Length; bit++) if (bits[bit]) state |= 0x80 >> bit;
            return (byte)state;
        }
    }
}
