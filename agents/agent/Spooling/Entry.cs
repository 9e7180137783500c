using System.Diagnostics;
using System.Text.Json;
using Fleet.Agent.Events;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Spooling;

/// <summary>One event on its way out, in the bytes it will leave with. It has no batch yet: until it has, it can still make room for more important ones.</summary>
/// <param name="Type">CloudEvents type.</param>
/// <param name="Device">Key of the device it speaks of; null when the agent speaks of itself.</param>
/// <param name="TraceParent">W3C trace context of the reading it came from.</param>
public sealed record Entry(string Lane, string Type, string? Device, byte[] Event, string? TraceParent)
{
    public static Entry Of(Fact fact, EdgeEvent said, ActivityContext trace) => new(
        fact.Lane, fact.Type,
        fact.Data.TryGetProperty("device", out var device) ? device.GetProperty("key").GetString() : null,
        JsonSerializer.SerializeToUtf8Bytes(said, EdgeJson.Strict.EdgeEvent),
        Traced(trace));

    // W3C trace context, version 00.
    private static string? Traced(ActivityContext trace) =>
        trace == default ? null : $"00-{trace.TraceId.ToHexString()}-{trace.SpanId.ToHexString()}-{(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
}
