using System.Globalization;
using System.Text.Json;

namespace Fleet.Printers;

// bytes -> every value's place ("counters[0].from.oid") -> its line; a member said twice is told
/// <summary>Where each value of a JSON text stands, for messages one can follow with an editor.</summary>
internal sealed class JsonPlaces
{
    private readonly Dictionary<string, int> lines = [];

    /// <summary>Places said more than once.</summary>
    public List<string> Doubled { get; } = [];

    /// <summary>Line of a place, or of the nearest one around it; 1 is the first.</summary>
    public int Line(string place)
    {
        while (place.Length > 0 && !lines.ContainsKey(place)) place = place[..Math.Max(0, place.LastIndexOfAny(['.', '[']))];
        return lines.GetValueOrDefault(place, 1);
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonPlaces Of(ReadOnlySpan<byte> json)
    {
        var places = new JsonPlaces();
        var reader = new Utf8JsonReader(json, new() { CommentHandling = JsonCommentHandling.Skip });
        var path = new Stack<(string Place, int Items)>();      // Items < 0: an object
        string? member = null;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    member = Join(path.Peek().Place, reader.GetString()!);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Pop();
                    continue;
            }
            var place = "";
            if (path.TryPeek(out var around) && around.Items >= 0)
            {
                place = string.Create(CultureInfo.InvariantCulture, $"{around.Place}[{around.Items}]");
                path.Pop();
                path.Push((around.Place, around.Items + 1));
            }
            else if (member is not null) place = member;
            if (!places.lines.TryAdd(place, 1 + json[..(int)reader.TokenStartIndex].Count((byte)'\n'))) places.Doubled.Add(place);
            if (reader.TokenType is JsonTokenType.StartObject) path.Push((place, -1));
            else if (reader.TokenType is JsonTokenType.StartArray) path.Push((place, 0));
        }
        return places;
    }

    public static string Join(string place, string member) => place.Length == 0 ? member : $"{place}.{member}";
}
