using System.Text.Json;
using Npgsql;

namespace Fleet.EventStore;

/// <summary>Rows of <c>mt_events</c> → events.</summary>
internal static class EventRows
{
    public const string Columns = "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, correlation_id, causation_id, headers";

    public static async Task<List<IEvent>> ReadAsync(NpgsqlCommand command, EventTypes types, CancellationToken ct)
    {
        var events = new List<IEvent>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) events.Add(Read(reader, types));
        return events;
    }

    public static IEvent Read(NpgsqlDataReader row, EventTypes types)
    {
        try
        {
            var type = types[row.GetString(5)];
            var data = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(4), type.Json) ?? throw new JsonException("The data is null");
            return type.Wrap(Head(row), data);
        }
        catch (Exception e) when (e is JsonException or UnknownEventTypeException or NotSupportedException)
        {
            throw new EventDeserializationFailureException(row.GetInt64(0), e);
        }
    }

    private static EventHead Head(NpgsqlDataReader row) => new(
        row.GetGuid(1), row.GetInt64(3), row.GetInt64(0), row.GetString(2), row.GetString(7), row.GetFieldValue<DateTimeOffset>(6),
        row.IsDBNull(8) ? null : row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9),
        row.IsDBNull(10) ? null : Headers(row.GetFieldValue<byte[]>(10)));

    // A Marten client may write headers that are no strings; they are given as their JSON text.
    private static Dictionary<string, string> Headers(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(
            header => header.Name,
            header => header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : header.Value.GetRawText());
    }
}
