using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>What an export holds, signed by the region it comes from: its last line.</summary>
/// <param name="Region">Where it comes from.</param>
/// <param name="Closed">The tenant took nothing new on while it was exported, so that its modules agree with one another.</param>
/// <param name="For">Regions it was sealed for: no other can open what <see cref="TenantMoves.Lines"/> has in it.</param>
/// <param name="Grants">Public keys of what consent signed there, so that receipts and grants given there can be verified for ever.</param>
public sealed record TenantManifest(string Tenant, string Region, DateTimeOffset At, bool Closed, IReadOnlyList<ModuleManifest> Modules, KeySet? Grants, IReadOnlyList<string> For)
{
    public const string Type = "fleet-tenant-export+jws";

    public long Rows => Modules.Sum(module => module.InStore.Sum(section => section.Rows));
}

/// <param name="Sections">In the order of the file, named without the module; one that is sealed in the file stands before what it is there.</param>
public sealed record ModuleManifest(string Name, IReadOnlyList<SectionHash> Sections, IReadOnlyList<ViewHash> Views)
{
    /// <summary>What is in the file, line for line.</summary>
    internal IEnumerable<SectionHash> InFile => Sections.Where(section => Sections.All(other => other.Name != SealedSection.NameOf(section.Name)));

    /// <summary>What is in a store.</summary>
    internal IEnumerable<SectionHash> InStore => Sections.Where(section => SealedSection.OpenedName(section.Name) is null);
}

/// <summary>What is said of a tenant where it lived, signed by that region.</summary>
/// <param name="Export">SHA-256, hex, of the manifest of the export it left with.</param>
/// <param name="Api">Where it is asked now; null when the region is in no directory here.</param>
public sealed record Tombstone(string Tenant, string From, string To, string? Api, DateTimeOffset At, string Export)
{
    public const string Type = "fleet-tenant-tombstone+jws";
}
