namespace Fleet.EventStore;

/// <summary>What a unit of work will append to one stream.</summary>
internal sealed class PendingStream(string tenantId, string key)
{
    public string TenantId => tenantId;
    public string Key => key;
    public List<PendingEvent> Events { get; } = [];

    /// <summary>The version the stream must be at when the append begins; null when any will do.</summary>
    public long? ExpectedVersion { get; set; }

    public bool MustBeNew { get; set; }

    /// <summary>What the unit of work has seen of the stream, from which the next snapshot is folded.</summary>
    public SeenState? Seen { get; set; }

    /// <summary>The next snapshot; true only if the stream is still at the version seen.</summary>
    public byte[]? Snapshot { get; set; }

    /// <summary>Version after the append; known once the streams are written.</summary>
    public long Version { get; set; }

    public static readonly Comparison<PendingStream> ByName = (a, b) =>
        string.CompareOrdinal(a.TenantId, b.TenantId) is var tenants and not 0 ? tenants : string.CompareOrdinal(a.Key, b.Key);

    public IStreamType Type => Events[0].Type.Stream;

    public void Expect(long versionAfter) => ExpectedVersion = versionAfter - Events.Count;

    public object Fold(object state)
    {
        foreach (var e in Events)
            if (e.Type.Stream == Type) state = Type.Apply(state, e.Data);
        return state;
    }
}

/// <summary>A stream's state at a version.</summary>
/// <param name="Stored">There is a snapshot row, perhaps of an older version.</param>
internal readonly record struct SeenState(object State, long Version, bool Stored);
