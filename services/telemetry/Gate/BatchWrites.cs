using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Evidence;

namespace Fleet.Telemetry.Gate;

/// <summary>What one batch has the gate write, in order. Of a batch that was accepted and signed each event knows the batch it came with, and the batch's own word takes the evidence along.</summary>
/// <param name="seal">Whose signature was found to hold; null where there is none, or nothing is kept.</param>
internal sealed class BatchWrites(ReceivedBatch batch, BatchSeal? seal)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);     // as the store writes
    private static readonly Dictionary<Type, string> Types = Device.Stream.Events.Concat(Agent.Stream.Events).ToDictionary(known => known.Value, known => known.Key);

    private readonly List<(string TenantId, string StreamKey, NewEvent Event)> _all = [];
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{batch.AgentKey}/{batch.Sequence}");

    public IReadOnlyList<(string TenantId, string StreamKey, NewEvent Event)> All => _all;

    /// <param name="leaf">Place in the batch of the edge event that made them; null where none did.</param>
    /// <param name="id">Of the edge event, where it is this one fact; else they get ids of the batch's making, the same whenever it is decided.</param>
    /// <param name="judged">The moment consents were judged at, where that was not when the agent's clock says it observed.</param>
    public void Add(Named owner, string streamKey, IReadOnlyList<object> events, int? leaf = null, Guid? id = null, DateTimeOffset? judged = null)
    {
        foreach (var e in events)
            _all.Add((owner.TenantId, streamKey, new(e, id ?? IdOf(_all.Count), HeadersOf(leaf, judged))));
    }

    /// <summary>Completes the word that the batch was accepted: nothing is added after this.</summary>
    /// <param name="kept">Which of its events may stay.</param>
    public void Seal(IReadOnlyList<bool> kept)
    {
        if (seal is null)
            return;
        var at = _all.FindIndex(one => one.Event.Data is AgentEvent.BatchAccepted);
        var evidence = BatchEvidence.Of(seal.Signature, [.. seal.Leaves.Zip(kept, (bytes, stays) => new Leaf(bytes, stays))]);
        Replace(at, evidence);
        Span<byte> sum = stackalloc byte[WrittenSum.Bytes];
        foreach (var (_, stream, e) in _all)
            WrittenSum.Add(sum, stream, Types[e.Data.GetType()], e.Id!.Value, JsonSerializer.SerializeToElement(e.Data, e.Data.GetType(), Json));
        Replace(at, evidence with { Written = Convert.ToHexStringLower(sum) });
    }

    private void Replace(int at, BatchEvidence evidence)
    {
        var (tenant, stream, e) = _all[at];
        _all[at] = (tenant, stream, e with { Data = ((AgentEvent.BatchAccepted)e.Data) with { Evidence = evidence } });
    }

    // UUID version 8 (RFC 9562 §5.8): of a hash, so that deciding stays without chance.
    private Guid IdOf(int place)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{batch.ClaimKey}\n{place}")), hash);
        hash[6] = (byte)(hash[6] & 0x0F | 0x80);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new(hash[..16], bigEndian: true);
    }

    private Dictionary<string, string>? HeadersOf(int? leaf, DateTimeOffset? judged)
    {
        var headers = new Dictionary<string, string>();
        if (seal is not null)
            headers[BatchEvidence.BatchHeader] = leaf is { } place ? string.Create(CultureInfo.InvariantCulture, $"{_name}/{place}") : _name;
        // The agent's trace goes on in what is stored, and from there to projections and announcements.
        if (batch.TraceParent is { } trace)
            headers[EdgeBatch.TraceParentHeader] = trace;
        if (judged is { } at)
            headers[ConsentsAsOf.JudgedHeader] = at.ToString("O", CultureInfo.InvariantCulture);
        return headers.Count == 0 ? null : headers;
    }
}
