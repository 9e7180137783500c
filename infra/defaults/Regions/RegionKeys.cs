namespace Fleet.Defaults;

/// <summary>What a region publishes of its key: what it signs is verified with the first, what is for it alone is sealed with the second.</summary>
public static class RegionKeys
{
    public static KeySet Of(Es256Key signing) => new([.. signing.Published.Keys, SealingKey.Of(signing).Published]);
}
