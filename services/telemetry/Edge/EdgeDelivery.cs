using MassTransit;

namespace Fleet.Telemetry.Edge;

/// <summary>One AMQP message of exchange <c>edge</c>, as it came. Nothing in it is believed yet.</summary>
/// <param name="RoutingKey">The one part the broker vouches for: it matched it against the agent's token.</param>
/// <param name="Agent">Header <c>fleet-agent</c>; null when missing or no text.</param>
/// <param name="Sequence">Header <c>fleet-sequence</c>; null when missing or no integer.</param>
/// <param name="Previous">Header <c>fleet-previous</c>; null when missing or no text.</param>
/// <param name="KeyId">Header <c>fleet-key</c>; null when missing or no text.</param>
/// <param name="Signature">Header <c>fleet-signature</c>; null when missing or no text.</param>
/// <param name="TraceParent">Header <c>traceparent</c> (W3C trace context).</param>
/// <remarks>Never published: the exchange of this name is never made, but MassTransit asks for one of every type it consumes.</remarks>
[EntityName("telemetry-edge-delivery")]
public sealed record EdgeDelivery(
    string RoutingKey, string? ContentType, string? Agent, long? Sequence, string? Previous, string? TraceParent, ReadOnlyMemory<byte> Body,
    string? KeyId = null, string? Signature = null);
