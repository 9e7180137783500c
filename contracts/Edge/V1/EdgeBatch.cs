using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Edge.V1;

/// <summary>The AMQP side of a batch: names both sides of the border must agree on (DESIGN.md §5).</summary>
public static class EdgeBatch
{
    public const string Exchange = "edge";
    public const string ContentType = "application/cloudevents-batch+json";

    /// <summary>Bytes of a body; the gate refuses a larger one unread, so an agent cuts its batches below it.</summary>
    public const int LargestBody = 1024 * 1024;

    /// <summary>AMQP header: the agent's id, <c>{tenant}-{site}</c> by habit; text.</summary>
    public const string AgentHeader = "fleet-agent";

    /// <summary>AMQP header: the batch's number, 1, 2, 3 … without gaps per agent; long.</summary>
    public const string SequenceHeader = "fleet-sequence";

    /// <summary>AMQP header: SHA-256 of the previous batch's body, lower-case hex; 64 zeros for the first.</summary>
    public const string PreviousHeader = "fleet-previous";

    /// <summary>AMQP header: which of the agent's keys signed; its RFC 7638 thumbprint, base64url.</summary>
    public const string KeyHeader = "fleet-key";

    /// <summary>AMQP header: ES256 over <see cref="BatchStatement"/>, the 64 bytes of r and s (RFC 7518 §3.4), base64url.</summary>
    public const string SignatureHeader = "fleet-signature";

    /// <summary>AMQP header, W3C trace context.</summary>
    public const string TraceParentHeader = "traceparent";

    /// <summary>Lanes of the routing key <c>{tenant}.{site}.{lane}</c>: alerts are never stuck behind readings.</summary>
    public const string ReadingLane = "reading", AlertLane = "alert";

    public static string RoutingKey(string tenant, string site, string lane) => $"{tenant}.{site}.{lane}";

    /// <summary>How edge JSON is written and, strictly, read: unknown members, members said twice and missing parameters are refused.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNameCaseInsensitive = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
    };
}
