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

    /// <summary>State and version the unit of work has seen, from which the next snapshot is folded.</summary>
    public (object State, long Version)? Seen { get; set; }

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
