using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Cli.Streams;

/// <summary>Each stored reading says what was signed at its device's site, and each signed reading that could be kept is stored. Which of the two is read first does not matter.</summary>
public sealed class SignedReadings
{
    private readonly Dictionary<Guid, (string Says, StoredEvent Where)> _stored = [], _signed = [];

    public long Matched { get; private set; }

    /// <returns>What does not hold; null when all does.</returns>
    public string? Stored(StoredEvent e) => Meet(e.Id, Says(e.Data.GetProperty("observedAt"), e.Data), e, _signed, _stored);

    /// <inheritdoc cref="Stored"/>
    public string? Signed(byte[] leaf, StoredEvent accepted)
    {
        using var json = JsonDocument.Parse(leaf);
        var e = json.RootElement;
        return e.GetProperty("type").GetString() != EdgeEventTypes.MeterRead ? null
            : Meet(e.GetProperty("id").GetGuid(), Says(e.GetProperty("time"), e.GetProperty("data")), accepted, _stored, _signed);
    }

    /// <summary>Halves whose other half never came.</summary>
    public IEnumerable<(StoredEvent Where, string What)> Alone() =>
    [
        .. _stored.Select(one => (one.Value.Where, $"reading {one.Key} is in no batch that was signed")),
        .. _signed.Select(one => (one.Value.Where, $"reading {one.Key} was signed and is not stored")),
    ];

    private string? Meet(Guid id, string says, StoredEvent where, Dictionary<Guid, (string Says, StoredEvent Where)> others, Dictionary<Guid, (string, StoredEvent)> own)
    {
        if (!others.Remove(id, out var other))
        {
            own[id] = (says, where with { Data = default });
            return null;
        }
        Matched++;
        return other.Says == says ? null : $"reading {id} is stored and signed, and the two are not the same: {says} and {other.Says}";
    }

    private static string Says(JsonElement time, JsonElement data) =>
        $"{time.GetDateTimeOffset().UtcDateTime:O} {string.Join(", ", data.GetProperty("counters").EnumerateArray().Select(c => $"{c.GetProperty("name")}={c.GetProperty("value")} {c.GetProperty("unit")} ({c.GetProperty("oid")})"))}";
}
