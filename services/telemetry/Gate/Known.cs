using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Meters;

namespace Fleet.Telemetry.Gate;

/// <summary>Names of one thing of one tenant.</summary>
public readonly record struct Named(string TenantId, string Id);

/// <summary>What the gate must know before it decides on these batches, and, while it decides, what its own decisions have made of it.</summary>
public sealed class Known
{
    public required ConsentsAsOf Consents { get; init; }
    public required Dictionary<Named, Agent> Agents { get; init; }
    public required Dictionary<Named, Device> Devices { get; init; }
    public required Dictionary<Named, Presence> Presences { get; init; }

    /// <summary>Of the devices among <see cref="LateReadings"/>.</summary>
    public Dictionary<Named, MeterHistory> Histories { get; init; } = [];
}

/// <summary>Which streams and rows some batches need.</summary>
public sealed record Needs(IReadOnlyList<string> Tenants, IReadOnlyList<Named> Agents, IReadOnlyList<Named> Devices)
{
    public static Needs Of(IReadOnlyCollection<ReceivedBatch> batches) => new(
        [.. batches.Select(b => b.Tenant!).Distinct()],
        [.. batches.Select(b => new Named(b.Tenant!, b.AgentKey)).Distinct()],
        [.. batches.SelectMany(b => b.Events.Select(e => DeviceEvents.DeviceOf(b, e)).OfType<Named>()).Distinct()]);
}
