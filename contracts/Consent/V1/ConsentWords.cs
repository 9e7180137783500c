namespace Fleet.Contracts.Consent.V1;

/// <summary>Every name a consent can be about (DESIGN.md §4). Anything else is refused; marketing is no purpose.</summary>
public static class ConsentWords
{
    /// <summary>Why data may be used.</summary>
    public static readonly IReadOnlyList<string> Purposes = ["fleet-management", "billing"];

    /// <summary>What the provider may do.</summary>
    public static readonly IReadOnlyList<string> Features = ["remote-monitoring", "admin-console", "device-administration"];

    /// <summary>What may be collected.</summary>
    public static readonly IReadOnlyList<string> FieldGroups =
        ["identity", "network-address", "location", "counters", "supplies", "status", "firmware", "software-licence", "usage"];
}
