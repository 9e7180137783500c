using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Gate;

/// <summary>What a pass of the gate decided: to be written in one transaction, then counted.</summary>
public sealed class Passed(DeviceIndex names)
{
    private readonly Dictionary<(string TenantId, string StreamKey), List<NewEvent>> _appends = [];
    private readonly Dictionary<string, int> _refused = [];

    /// <summary>By stream, in order.</summary>
    public IReadOnlyDictionary<(string TenantId, string StreamKey), List<NewEvent>> Appends => _appends;

    public Dictionary<Named, Presence> Presences { get; } = [];

    /// <summary>With all that was learned.</summary>
    public DeviceIndex Names => names;

    /// <summary>Devices it should have known: load them too and decide again.</summary>
    public HashSet<Named> Lacking { get; } = [];

    /// <summary>Devices of which a late reading came, whose readings it should have known.</summary>
    public HashSet<Named> LackingHistories { get; } = [];

    /// <summary>Nothing it should have known was missing.</summary>
    public bool IsWhole => Lacking.Count + LackingHistories.Count == 0;

    /// <summary>To wait until their key is known.</summary>
    public List<ReceivedBatch> Held { get; } = [];

    /// <summary>Edge events kept.</summary>
    public int Accepted { get; private set; }

    /// <summary>Reason → edge events refused one by one, or batches refused whole.</summary>
    public IReadOnlyDictionary<string, int> Refused => _refused;

    internal void Append(BatchWrites writes)
    {
        foreach (var (tenant, stream, e) in writes.All)
        {
            if (!_appends.TryGetValue((tenant, stream), out var appended))
                _appends[(tenant, stream)] = appended = [];
            appended.Add(e);
        }
    }

    internal void Count(string? refusal, int events, IReadOnlyDictionary<string, int> notKept)
    {
        Accepted += refusal is null ? events - notKept.Values.Sum() : 0;
        foreach (var (reason, count) in refusal is null ? notKept : new Dictionary<string, int> { [refusal] = 1 })
            _refused[reason] = _refused.GetValueOrDefault(reason) + count;
    }
}
