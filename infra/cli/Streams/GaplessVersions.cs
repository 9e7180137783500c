namespace Fleet.Cli.Streams;

/// <summary>Of each stream the versions 1, 2, 3 … and as many as the store says there are: nothing was taken out, nothing put in between.</summary>
public sealed class GaplessVersions(Action<Broken> broken)
{
    private readonly Dictionary<(string Tenant, string Stream), long> _last = [];

    public void Add(StoredEvent e)
    {
        var last = _last.GetValueOrDefault((e.Tenant, e.Stream));
        if (e.Version != last + 1)
            broken(new(e.Tenant, e.Stream, e.Version, e.Position, $"version {e.Version} follows version {last}"));
        _last[(e.Tenant, e.Stream)] = e.Version;
    }

    /// <param name="versions">As the store counts them.</param>
    public void End(IReadOnlyDictionary<(string Tenant, string Stream), long> versions)
    {
        foreach (var ((tenant, stream), version) in versions)
            if (_last.GetValueOrDefault((tenant, stream)) is var last && last != version)
                broken(new(tenant, stream, null, null, $"the store counts {version} events, and there are {last}"));
        foreach (var (tenant, stream) in _last.Keys.Where(one => !versions.ContainsKey(one)))
            broken(new(tenant, stream, null, null, "the store does not count this stream"));
    }
}
