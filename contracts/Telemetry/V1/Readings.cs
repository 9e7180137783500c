namespace Fleet.Contracts.Telemetry.V1;

/// <summary>Counter readings that passed the gate and are kept; batched, one tenant a message.</summary>
public sealed record ReadingsAccepted(string TenantId, IReadOnlyList<AcceptedReading> Readings);

/// <summary>One observation of one device's counters.</summary>
/// <param name="ReadingId">Id of the event at the edge, in the stream and in every proof: the key against double counting.</param>
/// <param name="ObservedAt">By the agent's clock, when the device answered.</param>
/// <param name="ReceivedAt">By the gate's clock.</param>
/// <param name="Quality">The weightiest of its counters'.</param>
/// <param name="Profile">Name and version of the rules that named the counters: <c>kyocera/3</c>.</param>
public sealed record AcceptedReading(
    Guid ReadingId,
    string DeviceId,
    string SiteId,
    DateTimeOffset ObservedAt,
    DateTimeOffset ReceivedAt,
    string Profile,
    IReadOnlyList<CounterValue> Counters,
    string Quality = "good");

/// <param name="Name"><c>total</c>, <c>mono</c>, <c>color</c>, <c>copy.mono</c>, <c>print.color</c>, <c>scan</c>, …; <c>life</c> is prtMarkerLifeCount, <c>total</c> the vendor's own total.</param>
/// <param name="Value">Raw count as read.</param>
/// <param name="Unit">PrtMarkerCounterUnitTC name: <c>impressions</c>, <c>sheets</c>, …</param>
/// <param name="Oid">Where it was read.</param>
/// <param name="Epoch">The span within which the counter only grows, from 1, as known when it was read: a wrap, reset, other board or device begins the next.</param>
/// <param name="Quality"><c>good</c>, <c>late</c>, <c>wrap</c>, <c>gap</c>, <c>skewed</c>, <c>source</c> (read elsewhere than before), <c>decrease</c> or <c>implausible</c>, as known when it was read.</param>
public sealed record CounterValue(string Name, long Value, string Unit, string Oid, int Epoch = 1, string Quality = "good");
