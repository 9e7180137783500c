using System.Diagnostics.Metrics;

namespace Fleet.Defaults;

/// <summary>What came for tenants that have left, for the operator: by kind, never by tenant.</summary>
internal static class DepartedMeter
{
    public static readonly Counter<long> Dropped = new Meter("Fleet.Regions").CreateCounter<long>(
        "fleet.regions.messages.dropped", "{message}", "Messages about tenants that had left for another region");
}
