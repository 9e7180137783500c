namespace Fleet.Defaults;

/// <summary>Which regions an export can be opened in.</summary>
internal static class Destinations
{
    /// <summary>The one that is named, or the one the tenant was closed for; without either, each region whose key the regions file has.</summary>
    /// <param name="keys">Public keys of the named region; null: those of the regions file.</param>
    /// <exception cref="InvalidOperationException">Nobody knows the key of the one that is meant.</exception>
    public static IReadOnlyList<(string Region, PublicKey Key)> Of(RegionDirectory regions, PublicKey own, string? named, KeySet? keys)
    {
        if (named is not null)
            return [(named, KeyOf(named) ?? throw new InvalidOperationException(
                $"There is no key to seal for region '{named}' (use \"enc\"): put what its /.well-known/fleet-region-keys says into the regions file, or give it with --keys"))];
        return [(regions.Here, own), .. regions.Regions.Where(region => region.Name != regions.Here).Select(region => (region.Name, Key: KeyOf(region.Name))).Where(one => one.Key is not null).Select(one => (one.Name, one.Key!))];

        PublicKey? KeyOf(string region) => region == regions.Here ? own : (keys ?? regions.Named(region)?.Keys)?.Keys.FirstOrDefault(key => key.Use == PublicKey.ForSealing);
    }
}
