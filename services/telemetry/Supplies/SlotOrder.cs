namespace Fleet.Telemetry.Supplies;

/// <summary><c>1.2</c> before <c>1.10</c>.</summary>
public sealed class SlotOrder : IComparer<string>
{
    public static readonly SlotOrder Instance = new();

    public int Compare(string? x, string? y) => Key(x).CompareTo(Key(y));

    private static (long Marker, long Supply, string Text) Key(string? slot)
    {
        var parts = (slot ?? "").Split('.', 2);
        return (Number(parts[0]), parts.Length > 1 ? Number(parts[1]) : 0, slot ?? "");
    }

    private static long Number(string text) => long.TryParse(text, out var number) ? number : long.MaxValue;
}
