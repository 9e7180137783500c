using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Objects no profile and no grant can open: what people print and what the panel tells them.</summary>
public static class Forbidden
{
    private static readonly Oid[] Roots =
    [
        Oid.Parse("1.3.6.1.2.1.43.16"),             // prtConsoleDisplayBuffer
        Oid.Parse("1.3.6.1.4.1.2699.1.1"),          // PWG Job Monitoring MIB
        Oid.Parse("1.3.6.1.4.1.1347.47.6"),         // Kyocera: job log with document and user names
        Oid.Parse("1.3.6.1.4.1.1347.42.1"),         // Kyocera: job accounting by user
        Oid.Parse("1.3.6.1.4.1.11.2.3.9.4.2.1.1.6") // HP: job information
    ];

    /// <summary>Below one of the roots, or a walk that would go through one.</summary>
    public static bool Covers(Oid oid) => Array.Exists(Roots, root => oid.StartsWith(root) || root.StartsWith(oid));
}
