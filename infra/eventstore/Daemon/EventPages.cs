using Npgsql;

namespace Fleet.EventStore;

/// <summary>Events in sequence order, and the position up to which they are all.</summary>
internal readonly record struct EventPage(List<IEvent> Events, long Reached);

/// <summary>The committed sequence, page by page.</summary>
internal static class EventPages
{
    /// <summary>Events after a position up to another. A page ends before an event that cannot be read; one that begins with it throws.</summary>
    /// <exception cref="EventDeserializationFailureException"/>
    /// <param name="news">Without what came with a tenant from another region: see <see cref="Arrivals"/>.</param>
    public static async Task<EventPage> ReadAsync(
        NpgsqlConnection connection, EventTypes types, long after, long upTo, int limit, CancellationToken ct, bool news = false)
    {
        await using var command = new NpgsqlCommand(
            $"select {EventRows.Columns} from mt_events where seq_id > $1 and seq_id <= $2{(news ? Arrivals.PassedOver : "")} order by seq_id limit $3", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = upTo }, new() { Value = limit } },
        };
        var events = new List<IEvent>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            try
            {
                events.Add(EventRows.Read(reader, types));
            }
            catch (EventDeserializationFailureException) when (events.Count > 0)
            {
                return new EventPage(events, events[^1].Sequence);
            }
        }
        return new EventPage(events, events.Count < limit ? upTo : events[^1].Sequence);
    }
}
