using System.Globalization;

namespace Fleet.Integration.Facts;

/// <summary>A place in the feed: the store's sequence. Callers hand it back unread; it means the same for ever.</summary>
public static class Position
{
    public const string Refused = "'after' takes the position of an event this feed gave out, or nothing for everything from the start.";

    public static string Write(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

    /// <summary>Nothing is the start.</summary>
    public static bool TryRead(string? position, out long sequence)
    {
        sequence = 0;
        return string.IsNullOrEmpty(position) || long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }
}
