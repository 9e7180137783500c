using System.Globalization;
using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Gate;

/// <summary>What a pass of the gate decided: to be written in one transaction, then counted.</summary>
public sealed class Passed
{
    private readonly Dictionary<(string TenantId, string StreamKey), List<NewEvent>> _appends = [];
    private readonly Dictionary<string, int> _refused = [];

    /// <summary>By stream, in order.</summary>
    public IReadOnlyDictionary<(string TenantId, string StreamKey), List<NewEvent>> Appends => _appends;

    public Dictionary<Named, Presence> Presences { get; } = [];

    /// <summary>Edge events kept.</summary>
    public int Accepted { get; private set; }

    /// <summary>Reason → edge events refused one by one, or batches refused whole.</summary>
    public IReadOnlyDictionary<string, int> Refused => _refused;

    /// <param name="judged">The moment consents were judged at, where that was not when the agent's clock says it observed.</param>
    internal void Append(ReceivedBatch batch, Named owner, string streamKey, IReadOnlyList<object> events, Guid? id = null, DateTimeOffset? judged = null)
    {
        if (events.Count == 0)
            return;
        if (!_appends.TryGetValue((owner.TenantId, streamKey), out var appended))
            _appends[(owner.TenantId, streamKey)] = appended = [];
        appended.AddRange(events.Select(e => new NewEvent(e, id, HeadersOf(batch, judged))));
    }

    internal void Count(string? refusal, int events, IReadOnlyDictionary<string, int> notKept)
    {
        Accepted += refusal is null ? events - notKept.Values.Sum() : 0;
        foreach (var (reason, count) in refusal is null ? notKept : new Dictionary<string, int> { [refusal] = 1 })
            _refused[reason] = _refused.GetValueOrDefault(reason) + count;
    }

    // The agent's trace goes on in what is stored, and from there to projections and announcements.
    private static Dictionary<string, string>? HeadersOf(ReceivedBatch batch, DateTimeOffset? judged)
    {
        var headers = new Dictionary<string, string>();
        if (batch.TraceParent is { } trace)
            headers[EdgeBatch.TraceParentHeader] = trace;
        if (judged is { } at)
            headers[ConsentsAsOf.JudgedHeader] = at.ToString("O", CultureInfo.InvariantCulture);
        return headers.Count == 0 ? null : headers;
    }
}
