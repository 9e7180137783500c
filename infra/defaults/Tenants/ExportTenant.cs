// all modules' stores -> sections, hashed as they are written, keys sealed for the destination -> views hashed -> manifest, signed
using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>Writes all there is of a tenant: every module's streams and rows, the keys its proofs are verified with, and the hash of every read model.</summary>
public static class ExportTenant
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="say">Progress, for people.</param>
    /// <param name="to">The one region that shall be able to open it; null: the one the tenant is closed for, and when it is not, any region of the regions file.</param>
    /// <param name="keys">Public keys of <paramref name="to"/>; null: those of the regions file.</param>
    /// <exception cref="InvalidOperationException">There is no such tenant here, or nobody knows the destination's key.</exception>
    /// <exception cref="TimeoutException">Views or announcements do not catch up.</exception>
    public static async Task<TenantManifest> RunAsync(TenantStores stores, string tenant, TextWriter output, Action<string> say, string? to = null, KeySet? keys = null, CancellationToken ct = default)
    {
        var (key, now) = (stores.Key(), stores.Clock.GetUtcNow());
        var destinations = Destinations.Of(stores.Regions, SealingKey.Of(key).Published, to ?? (await stores.All[0].Store.Departures.FindAsync(tenant, ct))?.Region, keys);
        var (closed, modules) = (true, new List<ModuleManifest>());
        await WriteAsync(output, new(ArchiveLine.Form, tenant, stores.Regions.Here, now), ct);
        foreach (var (module, store) in stores.All)
        {
            var departure = await store.Departures.FindAsync(tenant, ct);
            if (departure?.LeftAt is not null)
                throw new InvalidOperationException($"'{tenant}' has left for region '{departure.Region}': {module.Name} has nothing of it. If others still have, leave again with the export it left with");
            if (departure?.Region == stores.Regions.Here)
                throw new InvalidOperationException($"The import of '{tenant}' is not finished: run it again first");
            closed &= departure is not null;
            modules.Add(await ModuleAsync(stores, module, store, tenant, destinations, output, ct));
            say($"{module.Name}: {modules[^1].InStore.Sum(section => section.Rows)} rows, {modules[^1].Views.Count} views");
        }
        if (modules.All(module => module.Sections.First(section => section.Name == "streams").Rows == 0))
            throw new InvalidOperationException($"There is no tenant '{tenant}' in region '{stores.Regions.Here}'");
        var grants = stores.Settings["FLEET_CONSENT_KEY"] is null ? null : Es256Key.Open(stores.Settings, "FLEET_CONSENT_KEY").Published;
        var manifest = new TenantManifest(tenant, stores.Regions.Here, now, closed, modules, grants, [.. destinations.Select(destination => destination.Region)]);
        await WriteAsync(output, new(Manifest: CompactJws.Sign(key, TenantManifest.Type, manifest)), ct);
        await output.FlushAsync(ct);
        return manifest;
    }

    private static async Task<ModuleManifest> ModuleAsync(TenantStores stores, Module module, DocumentStore store, string tenant, IReadOnlyList<(string, PublicKey)> destinations, TextWriter output, CancellationToken ct)
    {
        await using var reader = await TenantReader.OpenAsync(store, tenant, Patience, ct);
        var sections = new List<SectionHash>();
        foreach (var section in await reader.SectionsAsync(ct)) sections.Add(await SectionAsync(section, reader.LinesAsync(section, ct)));
        if (module.TenantMoves is { Section: { } own, Lines: { } lines })
        {
            using var opened = new ContentHash();
            var inFile = await SectionAsync(SealedSection.NameOf(own), SealedSection.SealAsync(lines(reader.Connection, tenant, stores.Settings), destinations, opened));
            sections.AddRange([new(own, opened.Rows, opened.End()), inFile]);
        }
        return new(module.Name, sections, await reader.HashViewsAsync(ct));

        async Task<SectionHash> SectionAsync(string name, IAsyncEnumerable<string> rows)
        {
            using var hash = new ContentHash();
            await WriteAsync(output, new(Section: $"{module.Name}/{name}"), ct);
            await foreach (var row in rows.WithCancellation(ct))
            {
                hash.Add(row);
                await output.WriteLineAsync(row.AsMemory(), ct);
            }
            await WriteAsync(output, new(End: $"{module.Name}/{name}"), ct);
            return new(name, hash.Rows, hash.End());
        }
    }

    private static Task WriteAsync(TextWriter output, ArchiveLine line, CancellationToken ct) => output.WriteLineAsync(line.ToString().AsMemory(), ct);
}
