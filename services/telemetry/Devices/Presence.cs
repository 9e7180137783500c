namespace Fleet.Telemetry.Devices;

/// <summary>
/// When a device was last observed, and as of when each part of it is known. A row beside the stream, not an event: that nothing
/// changed is no news, but a late word must not overrule it.
/// </summary>
public sealed record Presence(DateTimeOffset SeenAt, DateTimeOffset DescribedAt, DateTimeOffset SuppliesAt, DateTimeOffset StatusAt)
{
    public static readonly Presence Never = new(DateTimeOffset.MinValue, DateTimeOffset.MinValue, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    public Presence Seen(DateTimeOffset at) => at > SeenAt ? this with { SeenAt = at } : this;

    public Presence Described(DateTimeOffset at) => at > DescribedAt ? this with { DescribedAt = at } : this;

    public Presence Supplied(DateTimeOffset at) => at > SuppliesAt ? this with { SuppliesAt = at } : this;

    public Presence Stated(DateTimeOffset at) => at > StatusAt ? this with { StatusAt = at } : this;
}
