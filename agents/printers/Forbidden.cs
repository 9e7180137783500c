using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Objects no profile and no grant can open: what people print and what the panel tells them.</summary>
public static class Forbidden
{
    public static readonly IReadOnlyList<Oid> Roots =
    [
        Oid.Parse("1.3.6.1.2.1.43.16"),             // prtConsoleDisplayBuffer
        Oid.Parse("1.3.6.1.4.1.2699.1.1"),          // PWG Job Monitoring MIB
        Oid.Parse("1.3.6.1.4.1.1347.47.6"),         // Kyocera: job log with document and user names
        Oid.Parse("1.3.6.1.4.1.1347.42.1"),         // Kyocera: job accounting by user
        Oid.Parse("1.3.6.1.4.1.11.2.3.9.4.2.1.1.6"), // HP: job information
        Oid.Parse("1.3.6.1.4.1.11.2.3.9.1.1.3"),    // HP: gdStatusDisplay, the panel's text
        Oid.Parse("1.3.6.1.4.1.2435.2.3.9.4.2.1.5.4.5"), // Brother: the panel's text
        Oid.Parse("1.3.6.1.2.1.4.22"),              // ipNetToMediaTable: whose machines talk to it
        Oid.Parse("1.3.6.1.2.1.6.13"),              // tcpConnTable
        Oid.Parse("1.3.6.1.2.1.6.19"),              // tcpConnectionTable
        Oid.Parse("1.3.6.1.2.1.7.5"),               // udpTable
        Oid.Parse("1.3.6.1.2.1.7.7"),               // udpEndpointTable
        Oid.Parse("1.3.6.1.2.1.25.4.2")             // hrSWRunTable
    ];

    /// <summary>Below one of the roots, or a walk that would go through one.</summary>
    public static bool Covers(Oid oid) => Roots.Any(root => oid.StartsWith(root) || root.StartsWith(oid));
}
