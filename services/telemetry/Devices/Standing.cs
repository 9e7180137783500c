using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fleet.Telemetry.Devices;

/// <summary>What a device is in the fleet, beside what it says of itself.</summary>
/// <param name="MergedInto">The device whose events go on for it; null: it stands for itself.</param>
/// <param name="Joined">Devices merged into this one.</param>
/// <param name="SplitFrom">The device it was told from.</param>
/// <param name="RetiredAt">Null while it is in use.</param>
/// <param name="Conflicts">That stand.</param>
public sealed record Standing(
    string? MergedInto, ImmutableList<string> Joined, string? SplitFrom, DateTimeOffset? RetiredAt, ImmutableList<DeviceConflict> Conflicts)
{
    public static readonly Standing New = new(null, [], null, null, []);

    public static Standing Evolve(Standing standing, DeviceEvent e) => e switch
    {
        DeviceEvent.Merged merged => standing with { MergedInto = merged.Into },
        DeviceEvent.Unmerged => standing with { MergedInto = null },
        // Who says that two are one has said what the conflict was.
        DeviceEvent.Joined joined => standing with { Joined = standing.Joined.Remove(joined.Device).Add(joined.Device), Conflicts = standing.Conflicts.RemoveAll(c => c.With == joined.Device) },
        DeviceEvent.Parted parted => standing with { Joined = standing.Joined.Remove(parted.Device) },
        DeviceEvent.SplitOff split => standing with { SplitFrom = split.From },
        DeviceEvent.Retired retired => standing with { RetiredAt = retired.At },
        DeviceEvent.Returned => standing with { RetiredAt = null },
        DeviceEvent.ConflictFound found => standing with { Conflicts = standing.Conflicts.Remove(found.Conflict).Add(found.Conflict) },
        DeviceEvent.ConflictSettled settled => standing with { Conflicts = standing.Conflicts.RemoveAll(c => c.Kind == settled.Kind && c.With == settled.With) },
        _ => standing,
    };
}

/// <summary>What observations say of a device and cannot all be true; a person decides.</summary>
/// <param name="Kind"><c>cloned-serial</c>: two devices claim one serial number at the same time; <c>two-sites</c>: agents of two sites hear it in turns.</param>
/// <param name="With">The other device; null where there is none.</param>
public sealed record DeviceConflict(string Kind, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? With = null)
{
    public const string ClonedSerial = "cloned-serial", TwoSites = "two-sites";
}
