using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

// edge event's DeviceRef + rows device_name, device_link -> Decide -> which device it is; names learned; devices found to be one, or two
/// <summary>Which device an edge event speaks of. The one place that says so.</summary>
/// <remarks>
/// (manufacturer, serial), then MAC, then address and the agent's own key, which mean something inside one site only. All names of an
/// observation belong to one device, so devices known by some of them each are found to be one, unless they differ in a stronger name.
/// In whatever order the same observations come, the same ones end as one device.
/// </remarks>
public static class DeviceIdentity
{
    // An address or a key that was not heard for longer proves nothing any more: addresses are lent.
    private static readonly TimeSpan WeakHolds = TimeSpan.FromDays(1);

    // Nobody changes a board, or an address and back, in less.
    private static readonly TimeSpan BoardTakes = TimeSpan.FromMinutes(15), MoveAndBackTakes = TimeSpan.FromHours(2);

    /// <summary>
    /// The id a device gets when nothing is known of any of its names. 16 hex digits of SHA-256: the same device gets the same id whoever
    /// computes it, and nobody reads an address out of it.
    /// </summary>
    public static string IdOf(string tenant, string site, DeviceRef device) => Hash(device switch
    {
        { Manufacturer: { Length: > 0 } manufacturer, Serial: { Length: > 0 } serial } => ["serial", tenant, DeviceName.Plain(manufacturer), DeviceName.Plain(serial)],
        { Mac: { Length: > 0 } mac } => ["mac", tenant, DeviceName.Plain(mac)],
        { Address: { Length: > 0 } address } => ["address", tenant, site, DeviceName.Plain(address)],
        _ => ["key", tenant, site, device.Key],
    });

    /// <summary>Of a device that is told from another of the same name by a name of its own: a second claimant of a serial number, or one split off.</summary>
    public static string IdOfOwn(string tenant, string name) => Hash(["own", tenant, name]);

    public static Identified Decide(string tenant, string site, DeviceRef device, DateTimeOffset at, DeviceIndex index)
    {
        var names = Names.Of(site, device);
        if (names.Claim is { } claim && index.Find(tenant, claim) is { } own)
            return new(index.Follow(tenant, own.DeviceId), Learn(names.All.Where(name => name != names.Serial).Append(claim), [own.DeviceId]), []);

        var found = names.All.Select(name => index.Find(tenant, name)).OfType<NameRow>()
            .Where(row => IsEvidence(row, at, names, index, tenant)).Select(row => index.Follow(tenant, row.DeviceId)).Distinct().ToList();
        if (found.Count == 0)
        {
            var fresh = index.Follow(tenant, Fresh());
            return new(fresh, Learn(names.All, [fresh]), [.. Displaced([fresh])]);
        }

        // The first is of the strongest name; the others are the same device under lesser ones, or the first would not be evidence for them.
        var same = found.Where(id => id == found[0] || index.AreCompatible(tenant, id, found[0])).ToList();
        var surviving = same.OrderByDescending(id => index.Strength(tenant, id)).ThenBy(id => index.Since(tenant, id)).ThenBy(id => id, StringComparer.Ordinal).First();
        if (Claimed(surviving) is { } rival)
            return rival;
        same.Remove(surviving);
        same.Insert(0, surviving);
        return new(surviving, Learn(names.All, same),
            [.. same.Skip(1).Select(id => new Finding.SameDevice(id, surviving)), .. Displaced(same), .. Boards(surviving), .. Sites(surviving)]);

        // The id of a name may be of a device that has had a better name since, and is elsewhere.
        string Fresh()
        {
            var id = IdOf(tenant, site, device);
            for (var again = 2; index.Strength(tenant, id) > 0; again++)
                id = IdOfOwn(tenant, $"{again}/{names.All.First()}");
            return id;
        }

        // Names under a device merged into this one stay that one's: undoing the merge gives them back.
        IReadOnlyList<(string, string)> Learn(IEnumerable<string> learned, IReadOnlyList<string> one) =>
            [.. learned.Select(name => (name, index.Find(tenant, name) is { } row && one.Contains(index.Follow(tenant, row.DeviceId)) ? row.DeviceId : one[0]))];

        IEnumerable<Finding> Displaced(IReadOnlyList<string> one) => names.Address is { } address && index.Find(tenant, address) is { } row
            && index.Follow(tenant, row.DeviceId) is var before && !one.Contains(before) && at > row.LastAt && index.Newest(tenant, before, DeviceName.AddressKind) == row
            ? [new Finding.OtherDeviceAtAddress(before, one[0])] : [];

        IEnumerable<Finding> Boards(string id) => names is { Serial: not null, Mac: { } mac } && index.Find(tenant, mac) is null
            && index.Newest(tenant, id, DeviceName.MacKind) is { } former && at > former.LastAt ? [new Finding.OtherBoard(id)] : [];

        // Agents of two sites hear it in turns: their ranges overlap.
        IEnumerable<Finding> Sites(string id) => names.All.Select(name => index.Find(tenant, name)).OfType<NameRow>().FirstOrDefault(row => DeviceName.SiteOf(row.Name) == site) is { } here
            && index.Of(tenant, id).Any(there => DeviceName.SiteOf(there.Name) is { } other && other != site && there.LastAt > here.LastAt && at >= there.LastAt && at - here.LastAt <= WeakHolds)
            ? [new Finding.TwoSites(id)] : [];

        // Two devices of one serial number, each with a MAC (or, where those are not told, an address) of its own, heard at the same time.
        Identified? Claimed(string id)
        {
            if (names.Serial is null || names.Claim is null || names.Mac is null && names.Address is null)
                return null;
            var kind = names.Mac is null ? DeviceName.AddressKind : DeviceName.MacKind;
            var mine = index.Find(tenant, names.Mac ?? names.Address!) is { } known && index.Follow(tenant, known.DeviceId) == id ? known : null;
            var other = index.Of(tenant, id).Where(row => DeviceName.KindOf(row.Name) == kind && row.Name != (names.Mac ?? names.Address) && !DeviceName.SamePlace(row.Name, names.Address)
                    && !index.IsOfOtherSerial(tenant, row.DeviceId, names.Serial))
                .FirstOrDefault(row => kind == DeviceName.MacKind ? Meet(mine, row, at) : TakeTurns(mine, row, at));
            if (other is null)
                return null;
            var rival = IdOfOwn(tenant, names.Claim);
            // Who spoke first keeps the device and its past.
            if (mine is null || other.Since <= mine.Since)
                return new(rival, [(names.Claim, rival), (names.Mac ?? names.Address!, rival)], [new Finding.SerialTwice(id, rival)]);
            var others = DeviceName.Claim(names.Serial, other.Name);
            var away = IdOfOwn(tenant, others);
            return new(id, [.. Learn(names.All, [id]), (others, away), (other.Name, away)], [new Finding.SerialTwice(id, away)]);
        }
    }

    private static bool Meet(NameRow? mine, NameRow other, DateTimeOffset at)
    {
        var (since, last) = mine is null ? (at, at) : (Earlier(mine.Since, at), Later(mine.LastAt, at));
        return since <= other.LastAt + BoardTakes && other.Since <= last + BoardTakes;
    }

    private static bool TakeTurns(NameRow? mine, NameRow other, DateTimeOffset at) =>
        mine is not null && mine.LastAt < other.LastAt && at > other.LastAt && at - mine.LastAt <= MoveAndBackTakes;

    private static bool IsEvidence(NameRow row, DateTimeOffset at, Names names, DeviceIndex index, string tenant)
    {
        var id = index.Follow(tenant, row.DeviceId);
        if (row.Name == names.Serial)
            return true;
        if (names.Serial is not null && index.Has(tenant, id, DeviceName.SerialKind) && !index.Holds(tenant, id, names.Serial))
            return false;
        if (row.Name == names.Mac)
            return true;
        if (names.Mac is not null && index.Has(tenant, id, DeviceName.MacKind) && !index.Holds(tenant, id, names.Mac) && !(names.Serial is not null && index.Holds(tenant, id, names.Serial)))
            return false;
        // A device that has nothing better than its address is known by it however long it was silent.
        var weakOnly = names is { Serial: null, Mac: null } && index.Strength(tenant, id) == 0;
        return weakOnly || (at >= row.Since - WeakHolds && at <= row.LastAt + WeakHolds);
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static string Hash(string[] names) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))).AsSpan(0, 8));
}

/// <param name="Id">Of the device an observation is of.</param>
/// <param name="Names">Each with the device it is a name of from now on.</param>
public sealed record Identified(string Id, IReadOnlyList<(string Name, string Device)> Names, IReadOnlyList<Finding> Findings);

/// <summary>What an observation shows about devices, beside which one it is of.</summary>
public abstract record Finding
{
    /// <summary>What was thought to be a device of its own is known by a lesser name of another.</summary>
    public sealed record SameDevice(string Id, string Into) : Finding;

    /// <summary>Two devices claim one serial number at the same time.</summary>
    public sealed record SerialTwice(string Id, string Other) : Finding;

    /// <summary>At the address of one there is another.</summary>
    public sealed record OtherDeviceAtAddress(string Id, string By) : Finding;

    /// <summary>The same serial number with another MAC, after a while.</summary>
    public sealed record OtherBoard(string Id) : Finding;

    /// <summary>Agents of two sites hear it in turns.</summary>
    public sealed record TwoSites(string Id) : Finding;
}
