using System.Net;

namespace Fleet.Simulator.Printers;

/// <summary>A virtual printer at an address of somebody's network.</summary>
public sealed record PlacedPrinter(string Tenant, IPAddress Address, VirtualPrinter Printer)
{
    public const string Community = "public";

    private const int PerNet = 250;

    /// <summary>Printers 0 … count-1 of a seed, each on a loopback address of its own. The network follows from the port, so two ports never share an address.</summary>
    public static IReadOnlyList<PlacedPrinter> Place(long seed, int count, TenantSplit split, int port, double troubles = 1) =>
        [.. Enumerable.Range(0, count).Select(number => new PlacedPrinter(split.Of(number), AddressOf(number, port), new(seed, number, troubles)))];

    private static IPAddress AddressOf(int number, int port) => new([127, (byte)(16 + (port % 224)), (byte)(number / PerNet), (byte)(1 + (number % PerNet))]);
}
