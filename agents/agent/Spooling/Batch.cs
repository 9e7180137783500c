using System.Security.Cryptography;
using Fleet.Agent.Signing;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Spooling;

/// <summary>One AMQP message as it will leave, and leave again unchanged until the broker confirms it.</summary>
/// <param name="Sequence">1, 2, 3 … without gaps per agent.</param>
/// <param name="Previous">SHA-256 of the body of the batch before it, lower-case hex; 64 zeros for the first.</param>
/// <param name="TraceParent">W3C trace context of the reading it begins with.</param>
/// <param name="Events">How many events are in it.</param>
/// <param name="KeyId">Thumbprint of the key that signed.</param>
/// <param name="Signature">ES256 over the batch's <see cref="BatchStatement"/>, base64url.</param>
public sealed record Batch(
    long Sequence, string Lane, string RoutingKey, byte[] Body, string Previous, string? TraceParent, int Events, string KeyId, string Signature)
{
    public string Hash => HashOf(Body);

    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}

/// <summary>Where the chain stands: number and body hash of the last batch ever made.</summary>
public sealed record Chain(long Sequence, string Hash)
{
    public static readonly Chain Start = new(0, new string('0', 64));

    /// <summary>The next batch, numbered, chained and signed.</summary>
    public Batch Next(Cut cut, string agent, string routingKey, AgentKey key)
    {
        var statement = BatchStatement.Of(agent, Sequence + 1, Hash, cut.Body);
        return new(Sequence + 1, cut.Lane, routingKey, cut.Body, Hash, cut.TraceParent, cut.Entries.Count, key.Id, key.Sign(statement));
    }

    public static Chain After(Batch batch) => new(batch.Sequence, batch.Hash);
}
