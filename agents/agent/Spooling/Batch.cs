using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Spooling;

/// <summary>One AMQP message as it will leave, and leave again unchanged until the broker confirms it.</summary>
/// <param name="Sequence">1, 2, 3 … without gaps per agent.</param>
/// <param name="Previous">SHA-256 of the body of the batch before it, lower-case hex; 64 zeros for the first.</param>
/// <param name="TraceParent">W3C trace context of the reading it came from.</param>
/// <param name="Events">How many events are in it.</param>
public sealed record Batch(long Sequence, string Lane, string RoutingKey, byte[] Body, string Previous, string? TraceParent, int Events)
{
    public string Hash => HashOf(Body);

    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    public static byte[] BodyOf(IReadOnlyList<EdgeEvent> events) => JsonSerializer.SerializeToUtf8Bytes(events, EdgeBatch.Json);
}

/// <summary>A batch that has no number yet: numbering and storing are one transaction.</summary>
public sealed record Draft(string Lane, string RoutingKey, byte[] Body, string? TraceParent, int Events);

/// <summary>Where the chain stands: number and body hash of the last batch ever made.</summary>
public sealed record Chain(long Sequence, string Hash)
{
    public static readonly Chain Start = new(0, new string('0', 64));

    public Batch Next(Draft draft) => new(Sequence + 1, draft.Lane, draft.RoutingKey, draft.Body, Hash, draft.TraceParent, draft.Events);

    public static Chain After(Batch batch) => new(batch.Sequence, batch.Hash);
}
