using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Changes;

/// <summary>What one visit to a device found, in the words of the contract. What was not looked at, or did not answer whole, is null: it is not evidence of anything.</summary>
/// <param name="Target">Where it was asked, as the agent keeps it.</param>
public sealed record Observed(
    string Target, DeviceRef Device, DeviceSeen? Seen = null, MeterRead? Meters = null, SuppliesRead? Supplies = null,
    StatusChanged? Status = null, IReadOnlyList<AlertRaised>? Alerts = null);
