using System.Buffers.Text;
using System.Text;

namespace Fleet.Defaults;

/// <summary>Opaque position in a list: what the last row was sorted by, in base64url. Callers hand it back unread.</summary>
public static class Cursor
{
    public const int DefaultLimit = 100, HighestLimit = 1000;

    public static string Write(string last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last));

    /// <summary>Null for "from the start"; false when the text is none of ours.</summary>
    public static bool TryRead(string? cursor, out string? last)
    {
        last = null;
        if (string.IsNullOrEmpty(cursor))
            return true;
        if (!Base64Url.IsValid(cursor))
            return false;
        last = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return true;
    }

    public static int Limit(int? asked) => Math.Clamp(asked ?? DefaultLimit, 1, HighestLimit);

    public static readonly Refusal Invalid = Refusal.Invalid("cursor", "The cursor is not one this list gave out; start again without it.");
}

/// <summary>One page of a list.</summary>
/// <param name="Next">Cursor of the next page, null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>From <paramref name="limit"/> + 1 rows: the surplus one only says that there is more.</summary>
    public static Page<T> Of(IReadOnlyList<T> rows, int limit, Func<T, string> position) =>
        rows.Count > limit ? new([.. rows.Take(limit)], Cursor.Write(position(rows[limit - 1]))) : new(rows, null);
}
