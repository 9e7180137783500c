namespace Fleet.EventStore;

/// <summary>One tenant's unit of work: everything appended is written by <see cref="SaveChangesAsync"/> in one transaction, or nothing.</summary>
public sealed class EventSession : IAsyncDisposable
{
    private readonly DocumentStore store;
    private readonly UnitOfWork work;

    internal EventSession(DocumentStore store, string tenantId)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenantId);
        (this.store, TenantId, work) = (store, tenantId, new UnitOfWork(store.Types));
        Events = new EventStoreOperations(store, work, tenantId);
    }

    public string TenantId { get; }
    public EventStoreOperations Events { get; }
    public string? CorrelationId { get => work.CorrelationId; set => work.CorrelationId = value; }
    public string? CausationId { get => work.CausationId; set => work.CausationId = value; }

    /// <summary>A header of every event this session appends.</summary>
    public void SetHeader(string key, string value) => work.SetHeader(key, value);

    /// <exception cref="EventStreamUnexpectedMaxEventIdException">A stream moved since it was fetched, or is not at the expected version.</exception>
    /// <exception cref="ExistingStreamIdCollisionException">A started stream exists.</exception>
    /// <exception cref="InvalidStreamOperationException">A stream is archived.</exception>
    public async Task SaveChangesAsync(CancellationToken ct = default)
    {
        if (work.IsEmpty) return;
        await store.SaveAsync(work, ct);
        work.Clear();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
