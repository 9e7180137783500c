namespace Fleet.Telemetry.Devices;

/// <summary>A name of a device.</summary>
/// <param name="DeviceId">Which may be merged into another; see <see cref="DeviceIndex.Follow"/>.</param>
/// <param name="Since">The earliest time it was heard under this name, as observed.</param>
/// <param name="LastAt">The latest, to five minutes.</param>
public sealed record NameRow(string TenantId, string Name, string DeviceId, DateTimeOffset Since, DateTimeOffset LastAt);

/// <summary>A device merged into another.</summary>
/// <param name="Parted">The merge was undone by a person: nothing but a person merges them again.</param>
public sealed record LinkRow(string TenantId, string DeviceId, string IntoId, bool Parted);

/// <summary>What is known of names, as far as some observations need it: all names of all devices they may speak of. What was decided is noted in it.</summary>
public sealed class DeviceIndex
{
    // A row is not written for each minute a device is heard.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(string, string), NameRow> _rows = [];
    private readonly Dictionary<(string, string), HashSet<string>> _namesOf = [];
    private readonly Dictionary<(string, string), string> _links = [];
    private readonly Dictionary<(string, string), List<string>> _merged = [];
    private readonly HashSet<(string, string, string)> _parted = [];
    private readonly HashSet<(string, string)> _loaded;
    private readonly HashSet<(string, string)> _changed = [];
    private readonly Dictionary<(string, string), string> _newLinks = [];

    private readonly IReadOnlyList<NameRow> _loadedRows;
    private readonly IReadOnlyList<LinkRow> _loadedLinks;

    public DeviceIndex(IReadOnlyList<NameRow> rows, IReadOnlyList<LinkRow> links)
    {
        (_loadedRows, _loadedLinks) = (rows, links);
        foreach (var link in links)
            if (link.Parted)
                _parted.Add((link.TenantId, link.DeviceId, link.IntoId));
            else
                Link(link.TenantId, link.DeviceId, link.IntoId);
        foreach (var row in rows)
            Set(row);
        _loaded = [.. _rows.Keys];
    }

    /// <summary>As loaded.</summary>
    public DeviceIndex Anew() => new(_loadedRows, _loadedLinks);

    /// <summary>Names to write; new ones were not there when the index was loaded.</summary>
    public IEnumerable<(NameRow Row, bool IsNew)> Changes => _changed.Select(key => (_rows[key], !_loaded.Contains(key)));

    public IEnumerable<LinkRow> NewLinks => _newLinks.Select(l => new LinkRow(l.Key.Item1, l.Key.Item2, l.Value, Parted: false));

    public NameRow? Find(string tenant, string name) => _rows.GetValueOrDefault((tenant, name));

    /// <summary>The device that one was merged into, by whatever way; itself when it was not.</summary>
    public string Follow(string tenant, string id)
    {
        for (var steps = 0; steps < 100 && _links.TryGetValue((tenant, id), out var into); steps++)
            id = into;
        return id;
    }

    /// <summary>All names of a device and of those merged into it.</summary>
    public IEnumerable<NameRow> Of(string tenant, string id)
    {
        if (_namesOf.TryGetValue((tenant, id), out var names))
            foreach (var name in names)
                yield return _rows[(tenant, name)];
        if (_merged.TryGetValue((tenant, id), out var merged))
            foreach (var row in merged.SelectMany(one => Of(tenant, one)))
                yield return row;
    }

    public bool Has(string tenant, string id, string kind) => Of(tenant, id).Any(row => DeviceName.KindOf(row.Name) == kind);

    public bool Holds(string tenant, string id, string name) => Find(tenant, name) is { } row && Follow(tenant, row.DeviceId) == id;

    /// <summary>A device that has another serial number of its own, wherever it is merged into.</summary>
    public bool IsOfOtherSerial(string tenant, string id, string serial) =>
        _namesOf.TryGetValue((tenant, id), out var names) && !names.Contains(serial) && names.Any(name => DeviceName.KindOf(name) == DeviceName.SerialKind);

    public NameRow? Newest(string tenant, string id, string kind) => Of(tenant, id).Where(row => DeviceName.KindOf(row.Name) == kind).MaxBy(row => row.LastAt);

    /// <summary>2 with a serial number, 1 with a MAC.</summary>
    public int Strength(string tenant, string id) => Has(tenant, id, DeviceName.SerialKind) ? 2 : Has(tenant, id, DeviceName.MacKind) ? 1 : 0;

    public DateTimeOffset Since(string tenant, string id) => Of(tenant, id).Select(row => row.Since).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();

    /// <summary>Whether two may be one: not if each has a serial number, or each a MAC, or if a person said that they are two.</summary>
    public bool AreCompatible(string tenant, string one, string other) =>
        !_parted.Contains((tenant, one, other)) && !_parted.Contains((tenant, other, one))
        && !(Has(tenant, one, DeviceName.SerialKind) && Has(tenant, other, DeviceName.SerialKind))
        && !(Has(tenant, one, DeviceName.MacKind) && Has(tenant, other, DeviceName.MacKind));

    public void Note(string tenant, Identified identified, DateTimeOffset at)
    {
        foreach (var finding in identified.Findings.OfType<Finding.SameDevice>())
            Link(tenant, finding.Id, _newLinks[(tenant, finding.Id)] = finding.Into);
        foreach (var (name, device) in identified.Names)
            if (Find(tenant, name) is not { } known)
                Change(new(tenant, name, device, at, at));
            else if (known.DeviceId == device)
            {
                if (at < known.Since || at > known.LastAt + Grain)
                    Change(known with { Since = at < known.Since ? at : known.Since, LastAt = at > known.LastAt ? at : known.LastAt });
            }
            else if (at >= known.LastAt || DeviceName.KindOf(name) is DeviceName.MacKind)       // a late word does not take an address back
                Change(at >= known.LastAt ? new(tenant, name, device, at, at) : known with { DeviceId = device });
    }

    private void Link(string tenant, string id, string into)
    {
        _links[(tenant, id)] = into;
        if (!_merged.TryGetValue((tenant, into), out var merged))
            _merged[(tenant, into)] = merged = [];
        merged.Add(id);
    }

    private void Change(NameRow row)
    {
        Set(row);
        _changed.Add((row.TenantId, row.Name));
    }

    private void Set(NameRow row)
    {
        if (_rows.TryGetValue((row.TenantId, row.Name), out var before) && before.DeviceId != row.DeviceId)
            _namesOf[(row.TenantId, before.DeviceId)].Remove(row.Name);
        _rows[(row.TenantId, row.Name)] = row;
        if (!_namesOf.TryGetValue((row.TenantId, row.DeviceId), out var names))
            _namesOf[(row.TenantId, row.DeviceId)] = names = [];
        names.Add(row.Name);
    }
}
