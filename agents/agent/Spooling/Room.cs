using Fleet.Contracts.Edge.V1;
using Microsoft.Data.Sqlite;

namespace Fleet.Agent.Spooling;

/// <summary>How much the spool holds and for how long.</summary>
public sealed record Limits(long MaxBytes, TimeSpan MaxAge);

/// <summary>
/// What gives way when there is no room: the oldest of what will be said again anyway (identity, supplies, status, the agent's health), then alerts, then meters.
/// A meter reading is money and cannot be read again later.
/// </summary>
internal static class Room
{
    private const int Page = 256;

    public static int RankOf(string type) => type switch
    {
        EdgeEventTypes.MeterRead => 2,
        EdgeEventTypes.AlertRaised or EdgeEventTypes.AlertCleared => 1,
        _ => 0
    };

    /// <summary>Deletes what is too old or too much, and returns it, oldest first. Batches that have their number stay: a gap in the numbers would say that something is missing.</summary>
    public static IReadOnlyList<Entry> Make(SqliteConnection database, Limits limits, DateTimeOffset now)
    {
        var dropped = Delete(database, "at < $before ORDER BY at, number", int.MaxValue, ("$before", (now - limits.MaxAge).ToUnixTimeMilliseconds()));
        for (var over = Bytes(database) - limits.MaxBytes; over > 0;)
        {
            var page = Delete(database, "TRUE ORDER BY rank, number", Enough(database, over));
            if (page.Count == 0) break;
            dropped.AddRange(page);
            over -= page.Sum(entry => (long)entry.Event.Length);
        }
        return dropped;
    }

    /// <summary>Deletes what was stored of devices from this moment on.</summary>
    public static int Leave(SqliteConnection database, DateTimeOffset since) =>
        Delete(database, "device IS NOT NULL AND at >= $since ORDER BY number", int.MaxValue, ("$since", since.ToUnixTimeMilliseconds())).Count;

    private static long Bytes(SqliteConnection database) => database.Rows("SELECT bytes FROM held", row => row.GetInt64(0)).Single();

    // So many of the first that they make the room that is missing, and not one more.
    private static int Enough(SqliteConnection database, long over)
    {
        var (count, freed) = (0, 0L);
        foreach (var length in database.Rows("SELECT LENGTH(event) FROM entry ORDER BY rank, number LIMIT $page", row => row.GetInt64(0), ("$page", Page)))
        {
            if (freed >= over) break;
            (count, freed) = (count + 1, freed + length);
        }
        return count;
    }

    private static List<Entry> Delete(SqliteConnection database, string which, int limit, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var dropped = database.Rows(
            $"SELECT number, lane, type, device, event, traceparent FROM entry WHERE {which} LIMIT $limit", Stored, [.. values, ("$limit", limit)]);
        foreach (var (number, _) in dropped) database.Do("DELETE FROM entry WHERE number = $number", ("$number", number));
        return [.. dropped.Select(one => one.Entry)];
    }

    public static (long Number, Entry Entry) Stored(SqliteDataReader row) => (
        row.GetInt64(0),
        new(row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetFieldValue<byte[]>(4), row.IsDBNull(5) ? null : row.GetString(5)));
}
