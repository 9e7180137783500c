using Npgsql;

namespace Fleet.EventStore;

/// <summary>The committed sequence, page by page.</summary>
internal static class EventPages
{
    /// <summary>Events after a position up to another, and the position reached: the last one when fewer came than asked for.</summary>
    public static async Task<(List<IEvent> Events, long Reached)> ReadAsync(
        NpgsqlConnection connection, EventTypes types, long after, long upTo, int limit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select {EventRows.Columns} from mt_events where seq_id > $1 and seq_id <= $2 order by seq_id limit $3", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = upTo }, new() { Value = limit } },
        };
        var events = await EventRows.ReadAsync(command, types, ct);
        return (events, events.Count < limit ? upTo : events[^1].Sequence);
    }
}
