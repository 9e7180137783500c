using Fleet.Defaults;

namespace Fleet.Billing.Meters;

/// <summary>One observation of one counter, as it came from the site.</summary>
/// <param name="Id">The event's id at the edge: leads back to the signed batch.</param>
/// <param name="ObservedAt">When the device answered, by the agent's clock (UTC). A meter has one reading per instant.</param>
/// <param name="Value">The raw count.</param>
/// <param name="Unit">PrtMarkerCounterUnitTC name: <c>impressions</c>, <c>sheets</c>, …</param>
/// <param name="Oid">Where it was read.</param>
/// <param name="Profile">Name and version of the rules that named the counter: <c>kyocera/3</c>.</param>
[Schema("MeterReading")]
public sealed record Reading(Guid Id, DateTimeOffset ObservedAt, long Value, string Unit, string Oid, string Profile);
