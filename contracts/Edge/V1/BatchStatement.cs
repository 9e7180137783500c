using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fleet.Contracts.Edge.V1;

/// <summary>
/// What an agent signs of a batch: who, which number, what came before, and the Merkle root of its events. The signature thereby holds the whole chain, and
/// one event can be shown to be signed with its own bytes, a <see cref="MerkleTree.Path"/> and these few fields.
/// </summary>
/// <param name="Agent">Header <see cref="EdgeBatch.AgentHeader"/>.</param>
/// <param name="Sequence">Header <see cref="EdgeBatch.SequenceHeader"/>.</param>
/// <param name="Previous">Header <see cref="EdgeBatch.PreviousHeader"/>.</param>
/// <param name="Root">Merkle root over the events' bytes as they stand in the body, lower-case hex.</param>
public sealed record BatchStatement(string Agent, long Sequence, string Previous, string Root)
{
    /// <exception cref="JsonException">The body is no JSON array.</exception>
    public static BatchStatement Of(string agent, long sequence, string previous, ReadOnlyMemory<byte> body) =>
        new(agent, sequence, previous, Convert.ToHexStringLower(MerkleTree.Root(Events(body))));

    /// <summary>The bytes that are signed: five lines of ASCII, each ended by a line feed. Agent ids are slugs, so no field can hold another.</summary>
    public byte[] Bytes => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"fleet-edge-batch-v1\n{Agent}\n{Sequence}\n{Previous}\n{Root}\n"));

    /// <summary>True when the holder of this key signed this statement.</summary>
    public bool IsSignedBy(ECDsa key, ReadOnlySpan<byte> signature) =>
        key.VerifyData(Bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Each event of a body as the bytes it is written with: the leaves of the tree.</summary>
    /// <exception cref="JsonException">The body is no JSON array.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Events(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("A batch is a JSON array");
        var events = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            events.Add(body[start..(int)reader.BytesConsumed]);
        }
        if (reader.Read())
            throw new JsonException("There is something behind the array");
        return events;
    }
}
