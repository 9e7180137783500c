// export FILE, read to its end -> all stores locked, nothing changed since -> removed, tombstone written -> all committed
using Fleet.EventStore;
using Npgsql;

namespace Fleet.Defaults;

/// <summary>The end of a move: closing a tenant, and removing it once it has an export that is whole.</summary>
public static class LeaveTenant
{
    /// <summary>How long an access token given before can still be used: an agent may send until then.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(20);

    /// <summary>From now on no writes and no tokens for it; what is under way is finished, and everything can be read.</summary>
    public static async Task CloseAsync(TenantStores stores, string tenant, string to, CancellationToken ct = default)
    {
        Elsewhere(stores, to);
        await RefuseHalfAsync(stores, tenant, ct);
        var now = stores.Clock.GetUtcNow();
        foreach (var (_, store) in stores.All)
            if (await store.Departures.FindAsync(tenant, ct) is { LeftAt: not null })
                throw new InvalidOperationException($"'{tenant}' has left already");
            else
                await WriteAsync(store, session => Departures.WriteAsync(session.Connection, new(tenant, to, now, null, null), ct), ct);
    }

    /// <summary>It stays, after all.</summary>
    public static async Task ReopenAsync(TenantStores stores, string tenant, CancellationToken ct = default)
    {
        await RefuseHalfAsync(stores, tenant, ct);
        foreach (var (_, store) in stores.All)
            if (await store.Departures.FindAsync(tenant, ct) is { LeftAt: null })
                await WriteAsync(store, session => Departures.ForgetAsync(session.Connection, tenant, ct), ct);
    }

    /// <summary>Removes it, and answers with the tombstone from then on.</summary>
    /// <param name="export">The export it leaves with: read whole and compared with what is here, because after this there is nothing else of it.</param>
    /// <param name="now">Do not wait for the end of tokens given before it was closed: what agents send under them meanwhile is refused, and lost.</param>
    /// <exception cref="InvalidOperationException">It is not closed, not long enough, or has changed since the export; nothing was removed. Killed while it commits, it is finished by the same command again.</exception>
    public static async Task<Tombstone> RunAsync(TenantStores stores, string tenant, string to, TextReader export, bool now, Action<string> say, CancellationToken ct = default)
    {
        var (region, key) = (Elsewhere(stores, to), stores.Key());
        var (manifest, hash) = await ReadAsync(stores, export, key.Published, ct);
        if (manifest.Tenant != tenant || manifest.Region != stores.Regions.Here || !manifest.Closed)
            throw new InvalidOperationException($"This is no export of '{tenant}' out of region '{stores.Regions.Here}' made after it was closed");
        if (!manifest.For.Contains(to))
            throw new InvalidOperationException($"This export is sealed for region {string.Join(", ", manifest.For)}: nobody in '{to}' could open it");
        var at = stores.Clock.GetUtcNow();
        var tombstone = new Tombstone(tenant, stores.Regions.Here, to, region?.Api, at, hash);
        var departure = new Departure(tenant, to, at, at, CompactJws.Sign(key, Tombstone.Type, tombstone));
        var leaving = new List<(Module Module, TenantRemoval Removal, DateTimeOffset ClosedAt)>();
        try
        {
            // All of them locked and compared before any is removed: a tenant that leaves in part could not be exported again.
            foreach (var (module, store) in stores.All)
                if (await MayLeaveAsync(store, tenant, to, at, now, ct) is { } closedAt)
                {
                    leaving.Add((module, await TenantRemoval.OpenAsync(store, tenant, ct), closedAt));
                    await CompareAsync(stores, module, leaving[^1].Removal, manifest, ct);
                    say($"{module.Name}: as exported");
                }
            foreach (var (module, removal, _) in leaving)
                await (module.TenantMoves?.EndAsync?.Invoke(removal.Session, tenant, stores.Settings, ct) ?? Task.CompletedTask);
            foreach (var (module, removal, closedAt) in leaving)
                await RemoveAsync(module, removal, departure with { ClosedAt = closedAt }, ct);
            foreach (var (module, removal, _) in leaving)
            {
                await removal.CommitAsync(ct);
                say($"{module.Name}: removed");
            }
            return tombstone;
        }
        finally
        {
            foreach (var (_, removal, _) in leaving) await removal.DisposeAsync();
        }
    }

    // Since when it has been closed; null when an earlier try, killed between two commits, came so far.
    private static async Task<DateTimeOffset?> MayLeaveAsync(DocumentStore store, string tenant, string to, DateTimeOffset at, bool now, CancellationToken ct)
    {
        var standing = await store.Departures.FindAsync(tenant, ct) ?? throw new InvalidOperationException($"'{tenant}' is not closed: ./fleet tenant close {tenant} --to {to}");
        if (standing.LeftAt is not null)
            return null;
        if (standing.Region != to)
            throw new InvalidOperationException($"'{tenant}' is closed for region '{standing.Region}', not '{to}'");
        return now || at - standing.ClosedAt >= TokenLife ? standing.ClosedAt
            : throw new InvalidOperationException($"'{tenant}' was closed at {standing.ClosedAt:HH:mm}; its agents' tokens hold until {standing.ClosedAt + TokenLife:HH:mm} UTC. Then export and leave, or say --now");
    }

    private static async Task CompareAsync(TenantStores stores, Module module, TenantRemoval removal, TenantManifest manifest, CancellationToken ct)
    {
        var said = manifest.Modules.Single(m => m.Name == module.Name).InStore;
        var found = (await removal.HashAsync(ct)).ToList();
        if (module.TenantMoves is { Section: { } own, Lines: { } lines })
        {
            using var hash = new ContentHash();
            await foreach (var line in lines(removal.Session.Connection, manifest.Tenant, stores.Settings).WithCancellation(ct)) hash.Add(line);
            found.Add(new(own, hash.Rows, hash.End()));
        }
        if (said.Except(found).Concat(found.Except(said)).FirstOrDefault() is { } changed)
            throw new InvalidOperationException($"{module.Name}/{changed.Name} is not what the export holds: it changed since. Export again");
    }

    private static async Task RemoveAsync(Module module, TenantRemoval removal, Departure departure, CancellationToken ct)
    {
        if (module.TenantMoves?.LeaveAsync is { } leave) await leave(removal.Session, departure.TenantId, departure.LeftAt!.Value, ct);
        await removal.RemoveAsync(departure, ct);
        await Idempotency.ForgetAsync(removal.Session, departure.TenantId, ct);
    }

    // As an import would read it: a file with a hole in it must not be all that is left.
    private static async Task<(TenantManifest Manifest, string Hash)> ReadAsync(TenantStores stores, TextReader export, KeySet own, CancellationToken ct)
    {
        var archive = new ArchiveReader(export);
        var head = await archive.HeadAsync(ct);
        var found = new List<SectionHash>();
        while (true)
        {
            var next = await archive.NextAsync(ct);
            if (next.Manifest is { } jws)
            {
                var manifest = CompactJws.Verify<TenantManifest>(jws, TenantManifest.Type, own) ?? throw new InvalidDataException($"The export is not signed by this region ('{stores.Regions.Here}'), but by '{head.Region}' or nobody");
                var said = manifest.Modules.SelectMany(module => module.InFile.Select(section => section with { Name = $"{module.Name}/{section.Name}" }));
                return found.SequenceEqual(said) ? (manifest, ImportTenant.HashOf(jws)) : throw new InvalidDataException("The export is broken: rows are missing, added or changed");
            }
            using var hash = new ContentHash();
            await foreach (var row in archive.RowsAsync(next.Section!, ct)) hash.Add(row);
            found.Add(new(next.Section!, hash.Rows, hash.End()));
        }
    }

    private static Region? Elsewhere(TenantStores stores, string to) =>
        to == stores.Regions.Here ? throw new InvalidOperationException($"'{to}' is this region")
        : stores.Regions.Named(to) ?? (stores.Regions.Regions.Count == 1 ? null : throw new InvalidOperationException($"There is no region '{to}' in the regions file"));

    private static async Task RefuseHalfAsync(TenantStores stores, string tenant, CancellationToken ct)
    {
        if (await ImportTenant.IsHalfHereAsync(stores, tenant, ct))
            throw new InvalidOperationException($"The import of '{tenant}' is not finished: run it again first");
    }

    internal static async Task WriteAsync(DocumentStore store, Func<BatchSession, Task> write, CancellationToken ct)
    {
        await using var session = store.BatchSession();
        await session.BeginAsync(ct);
        await write(session);
        await session.SaveChangesAsync(ct);
    }
}
