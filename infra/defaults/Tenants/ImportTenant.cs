// lines -> staged, hashed -> signature and every hash checked -> written and folded, a transaction per store -> views compared -> all committed, closed -> all opened
using System.Security.Cryptography;
using System.Text;
using Fleet.EventStore;

namespace Fleet.Defaults;

/// <param name="Manifest">What was in the export.</param>
/// <param name="IsNew">False: it was here before, and nothing was written.</param>
/// <param name="NotCompared">Views of another version here than there: their rows were folded anew, and there is nothing to compare them with.</param>
public sealed record ImportedTenant(TenantManifest Manifest, bool IsNew, IReadOnlyList<string> NotCompared);

/// <summary>
/// Brings a tenant in. Nothing is visible before all of it has been checked: each store's transaction is open until the last has been, and each store keeps the tenant closed until the last is committed;
/// identity, which gives the tokens, opens at the very end. Killed between two commits, it leaves whole stores that serve nobody; the same import again finishes it.
/// </summary>
public static class ImportTenant
{
    /// <param name="keys">The exporting region's; null: those of the regions file.</param>
    /// <exception cref="InvalidDataException">The export is broken, not signed by its region, or not what its manifest says; nothing was written.</exception>
    /// <exception cref="InvalidOperationException">It does not fit here; nothing was written.</exception>
    public static async Task<ImportedTenant> RunAsync(TenantStores stores, TextReader input, KeySet? keys, Action<string> say, CancellationToken ct = default)
    {
        var archive = new ArchiveReader(input);
        var head = await archive.HeadAsync(ct);
        var arrivals = new List<Arriving>();
        try
        {
            var jws = await StageAsync(stores, archive, head.Tenant!, arrivals, say, ct);
            var manifest = Check(stores, head, jws, keys, arrivals);
            return await WriteAsync(stores, manifest, HashOf(jws), arrivals, say, ct);
        }
        finally
        {
            foreach (var arriving in arrivals) await arriving.Writer.DisposeAsync();
        }
    }

    /// <summary>What names an export: SHA-256 of its signed manifest, hex.</summary>
    public static string HashOf(string manifest) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(manifest)));

    private sealed record Arriving(Module Module, TenantWriter Writer, List<SectionHash> Sections);

    private static async Task<string> StageAsync(TenantStores stores, ArchiveReader archive, string tenant, List<Arriving> arrivals, Action<string> say, CancellationToken ct)
    {
        while (true)
        {
            var next = await archive.NextAsync(ct);
            if (next.Manifest is { } jws) return jws;
            if (next.Section!.Split('/', 2) is not [var name, var section]) throw new InvalidDataException($"'{next.Section}' is no section");
            if (arrivals.Count == 0 || arrivals[^1].Module.Name != name)
            {
                if (arrivals.Exists(known => known.Module.Name == name) || stores.All.FirstOrDefault(known => known.Module.Name == name) is not { Module: { } module, Store: { } store })
                    throw new InvalidDataException($"The export has a module '{name}' twice, or one that is not here");
                arrivals.Add(new(module, await TenantWriter.OpenAsync(store, tenant, ct), []));
            }
            arrivals[^1].Sections.AddRange(await StageAsync(stores, arrivals[^1], section, archive.RowsAsync(next.Section, ct), ct));
            say($"{next.Section}: {arrivals[^1].Sections[^1].Rows} rows");
        }
    }

    private static async Task<IReadOnlyList<SectionHash>> StageAsync(TenantStores stores, Arriving arriving, string section, IAsyncEnumerable<string> rows, CancellationToken ct)
    {
        if (SealedSection.OpenedName(section) is not { } own)
            return [await arriving.Writer.StageAsync(section, rows, ct)];
        using var inFile = new ContentHash();
        var opened = await arriving.Writer.StageAsync(own, SealedSection.OpenAsync(rows, SealingKey.Of(stores.Key()), stores.Regions.Here, inFile, ct), ct);
        return [opened, new(section, inFile.Rows, inFile.End())];
    }

    private static TenantManifest Check(TenantStores stores, ArchiveLine head, string jws, KeySet? keys, List<Arriving> arrivals)
    {
        var known = keys ?? stores.Regions.Named(head.Region!)?.Keys
            ?? throw new InvalidOperationException($"The keys of region '{head.Region}' are not known here: put them into the regions file, or give --keys");
        var manifest = CompactJws.Verify<TenantManifest>(jws, TenantManifest.Type, known) ?? throw new InvalidDataException($"The export is not signed by region '{head.Region}'");
        if ((manifest.Tenant, manifest.Region) != (head.Tenant, head.Region))
            throw new InvalidDataException("The manifest is another export's");
        if (stores.All.Select(s => s.Module.Name).Except(manifest.Modules.Select(m => m.Name)).FirstOrDefault() is { } missing)
            throw new InvalidDataException($"The export has nothing of '{missing}'");
        if (!manifest.Modules.Select(m => m.Name).SequenceEqual(arrivals.Select(a => a.Module.Name)))
            throw new InvalidDataException("The export has other modules than its manifest says");
        foreach (var (said, found) in manifest.Modules.Zip(arrivals))
            foreach (var name in said.Sections.Concat(found.Sections).Select(section => section.Name).Distinct())
                if (said.Sections.SingleOrDefault(s => s.Name == name) != found.Sections.SingleOrDefault(s => s.Name == name))
                    throw new InvalidDataException($"{said.Name}/{name} is not what the manifest says: rows are missing, added or changed");
        return manifest;
    }

    private static async Task<ImportedTenant> WriteAsync(TenantStores stores, TenantManifest manifest, string export, List<Arriving> arrivals, Action<string> say, CancellationToken ct)
    {
        var (fresh, notCompared, now) = (await FreshAsync(stores, manifest.Tenant, export, arrivals, ct), new List<string>(), stores.Clock.GetUtcNow());
        foreach (var arriving in fresh)
        {
            var (module, writer) = (arriving.Module, arriving.Writer);
            await writer.ApplyAsync([.. arriving.Sections.Select(s => s.Name).Where(name => (SealedSection.OpenedName(name) ?? name) != module.TenantMoves?.Section)], export, ct);
            notCompared.AddRange(Compare(manifest.Modules.Single(m => m.Name == module.Name), await writer.HashViewsAsync(ct)));
            if (module.TenantMoves?.ArriveAsync is { } arrive) await arrive(writer.Session, manifest.Tenant, stores.Settings, now, ct);
            say($"{module.Name}: written, views as they were");
        }
        foreach (var arriving in fresh.OrderBy(arriving => IsLast(arriving.Module)))
        {
            await Departures.WriteAsync(arriving.Writer.Session.Connection, new(manifest.Tenant, stores.Regions.Here, now, null, null), ct);
            await arriving.Writer.CommitAsync(ct);
        }
        await OpenAsync(stores, manifest.Tenant, ct);
        return new(manifest, fresh.Count > 0, notCompared);
    }

    // Those it is not in yet: all of them, or what a killed import has left to do.
    private static async Task<List<Arriving>> FreshAsync(TenantStores stores, string tenant, string export, List<Arriving> arrivals, CancellationToken ct)
    {
        var fresh = new List<Arriving>();
        foreach (var arriving in arrivals)
            if (await arriving.Writer.ArrivedByAsync(ct) is not { } before)
                fresh.Add(await arriving.Writer.IsEmptyAsync(ct) ? arriving : throw new InvalidOperationException($"There is a tenant '{tenant}' in this region: {arriving.Module.Name} has streams of it"));
            else if (before != export)
                throw new InvalidOperationException(await IsHalfHereAsync(stores, tenant, ct)
                    ? $"Another import of '{tenant}' was begun here and is not finished: run that one again, of the export {before}. This one is {export}"
                    : $"The tenant '{tenant}' is here already, by another export");
        return fresh;
    }

    /// <summary>Whether an import of it was killed between two stores.</summary>
    public static async Task<bool> IsHalfHereAsync(TenantStores stores, string tenant, CancellationToken ct = default)
    {
        foreach (var (_, store) in stores.All)
            if (await store.Departures.FindAsync(tenant, ct) is { LeftAt: null } mark && mark.Region == stores.Regions.Here)
                return true;
        return false;
    }

    private static async Task OpenAsync(TenantStores stores, string tenant, CancellationToken ct)
    {
        foreach (var (_, store) in stores.All.OrderBy(known => IsLast(known.Module)))
            if (await store.Departures.FindAsync(tenant, ct) is { LeftAt: null } mark && mark.Region == stores.Regions.Here)
                await LeaveTenant.WriteAsync(store, session => Departures.ForgetAsync(session.Connection, tenant, ct), ct);
    }

    // Who gives the tokens knows it last.
    private static bool IsLast(Module module) => module.Name == "identity";

    private static IEnumerable<string> Compare(ModuleManifest said, IReadOnlyList<ViewHash> views)
    {
        foreach (var view in views)
            if (said.Views.SingleOrDefault(v => v.Name == view.Name) is not { } there || (there.Version, there.Shape) != (view.Version, view.Shape))
                yield return $"{said.Name}/{view.Name}";
            else if (there != view)
                throw new InvalidDataException($"The view {said.Name}/{view.Name} has other rows here than where it comes from, of the same events");
    }
}
