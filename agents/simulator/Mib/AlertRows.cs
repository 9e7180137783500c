using System.Globalization;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Supplies;
using Fleet.Simulator.Troubles;
using Fleet.Snmp;
using static Fleet.Simulator.Mib.Rows;

namespace Fleet.Simulator.Mib;

/// <summary>prtAlertTable (RFC 3805 §6): the only rows that come and go.</summary>
internal static class AlertRows
{
    private const string Entry = "1.3.6.1.2.1.43.18.1.1";
    private const int SuppliesFrom = 1_000_000, PerChange = 200;

    private sealed record Alert(int Index, int Severity, int Training, int Group, int GroupIndex, int Code, string Description, uint SinceTicks);

    /// <summary>Ascending by OID, as a walk wants them.</summary>
    public static IReadOnlyList<Row> Of(PrinterState state)
    {
        if (state.Troubles.Count == 0 && !state.Supplies.Any(supply => supply.IsLow || supply.IsEmpty)) return [];
        return [.. state.Troubles.Select(trouble => Of(trouble, state)).Concat(state.Supplies.Where(supply => supply.IsToner).SelectMany(Of)).SelectMany(Columns).OrderBy(row => row.Oid)];
    }

    private static IEnumerable<Row> Columns(Alert alert) => Table(Entry, string.Create(CultureInfo.InvariantCulture, $"1.{alert.Index}"),
        (2, alert.Severity), (3, alert.Training), (4, alert.Group), (5, alert.GroupIndex), (6, -2), (7, alert.Code),
        (8, alert.Description), (9, SnmpValue.TimeTicks(alert.SinceTicks)));

    // Severity: 3 critical, 4 warning. Training: 3 untrained, 5 field service. Groups and codes: PrtAlertGroupTC, PrtAlertCodeTC.
    private static Alert Of(Trouble trouble, PrinterState state)
    {
        var since = SystemRows.Ticks(state.UpTime - (state.At - trouble.From));
        return trouble.Kind switch
        {
            TroubleKind.Jam => new(trouble.AlertIndex, 3, 3, 13, 1, 8, "Paper jam", since),
            TroubleKind.Door => new(trouble.AlertIndex, 3, 3, 6, 1, 3, "Cover open", since),
            TroubleKind.PaperOut => new(trouble.AlertIndex, 3, 3, 8, 1, 808, "Add paper", since),
            TroubleKind.PaperLow => new(trouble.AlertIndex, 4, 3, 8, 1, 807, "Paper low", since),
            TroubleKind.Service => new(trouble.AlertIndex, 4, 5, 5, 1, 1, "Call service", since),
            _ => throw new ArgumentOutOfRangeException(nameof(trouble), trouble.Kind, "No alert for this trouble")
        };
    }

    // 1101 markerTonerEmpty, 1104 markerTonerAlmostEmpty. The index changes with the cartridge, so each one rings anew.
    private static IEnumerable<Alert> Of(SupplyLevel supply)
    {
        var index = SuppliesFrom + (int)(supply.Replaced * PerChange % 1_000_000_000) + (supply.Spec.Index * 2);
        if (supply.IsEmpty) yield return new(index + 1, 3, 3, 11, supply.Spec.Index, 1101, $"{supply.Spec.Description} is empty", 0);
        else if (supply.IsLow) yield return new(index, 4, 3, 11, supply.Spec.Index, 1104, $"{supply.Spec.Description} is low", 0);
    }
}
