using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Cli.Streams;

/// <summary>One agent's batches: each signed with a key of its, each naming the one before it, and none missing that is not known to be.</summary>
public sealed class AgentChain : IDisposable
{
    private readonly Dictionary<string, ECDsa> _keys = [];
    private readonly Dictionary<long, string?> _body = [];          // of those whose follower has not been seen
    private readonly Dictionary<long, string?> _previous = [];      // of those whose predecessor has not
    private readonly List<(long From, long To)> _gaps = [];
    private long _highest;

    /// <returns>What does not hold; null when all does.</returns>
    public string? Learn(JsonElement key)
    {
        var id = key.GetProperty("keyId").GetString()!;
        var (x, y) = (key.GetProperty("x").GetString()!, key.GetProperty("y").GetString()!);
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        if (thumbprint != id)
            return $"the key is {thumbprint}, not {id}";
        _keys[id] = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) } });
        return null;
    }

    /// <inheritdoc cref="Learn"/>
    public string? Signed(SealedBatch batch) =>
        !_keys.TryGetValue(batch.KeyId, out var key) ? $"batch {batch.Statement.Sequence} is signed with {batch.KeyId}, a key this agent never had"
        : batch.Statement.IsSignedBy(key, batch.Signature) ? null
        : $"the signature over batch {batch.Statement.Sequence} does not hold over Merkle root {batch.Statement.Root}";

    /// <summary>A batch has come.</summary>
    /// <param name="sha256">Of its body; null for one that was refused because it does not fit here.</param>
    /// <param name="previous">What it says of the one before it; null where it says nothing.</param>
    /// <inheritdoc cref="Learn"/>
    public string? Follow(long sequence, string? sha256, string? previous)
    {
        _highest = Math.Max(_highest, sequence);
        var (before, after) = (_body.GetValueOrDefault(sequence - 1), _previous.GetValueOrDefault(sequence + 1));
        if (!_body.Remove(sequence - 1))
            _previous[sequence] = previous;
        if (!_previous.Remove(sequence + 1))
            _body[sequence] = sha256;
        return before is not null && previous is not null && before != previous ? $"batch {sequence} names {previous} before it, and batch {sequence - 1} is {before}"
            : after is not null && sha256 is not null && after != sha256 ? $"batch {sequence} is {sha256}, and batch {sequence + 1} names {after} before it"
            : null;
    }

    public void Restart()
    {
        _body.Clear();
        _previous.Clear();
        _gaps.Clear();
        _highest = 0;
    }

    public void Open(long from, long to) => _gaps.Add((from, to));

    public void Fill(long sequence)
    {
        var at = _gaps.FindIndex(gap => gap.From <= sequence && sequence <= gap.To);
        if (at < 0)
            return;
        var gap = _gaps[at];
        _gaps.RemoveAt(at);
        _gaps.AddRange(new[] { (gap.From, To: sequence - 1), (From: sequence + 1, gap.To) }.Where(rest => rest.Item1 <= rest.Item2));
    }

    /// <summary>Batches that are not there although a later one is, and that nobody noted as missing.</summary>
    public IEnumerable<long> Lost() => _body.Keys.Where(sequence => sequence != _highest && !_gaps.Exists(gap => gap.From <= sequence + 1 && sequence + 1 <= gap.To)).Select(sequence => sequence + 1).Order();

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }
}
