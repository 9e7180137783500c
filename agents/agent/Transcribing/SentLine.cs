using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Transcribing;

/// <summary>A batch as the transcript has it.</summary>
/// <param name="Number">Of the line.</param>
/// <param name="Body">Byte for byte as it was sent.</param>
internal sealed record SentLine(long Number, DateTimeOffset At, long Sequence, string RoutingKey, string Previous, string Key, string Signature, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body is a part of the line, not a copy. Null when the line tells of something else.</summary>
    public static SentLine? Of(LineHead head, ReadOnlyMemory<byte> line)
    {
        if (head.Kind != "sent") return null;
        var json = new Utf8JsonReader(line.Span);
        var (words, sequence, body) = (new Dictionary<string, string>(), 0L, ReadOnlyMemory<byte>.Empty);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            if (name == "sequence") sequence = json.GetInt64();
            else if (json.TokenType == JsonTokenType.String) words[name] = json.GetString()!;
            else if (name == "body")
            {
                var start = (int)json.TokenStartIndex;
                json.Skip();
                body = line[start..(int)json.BytesConsumed];
            }
        }
        return new(head.Number, head.At, sequence, words["routingKey"], words["previousBody"], words["key"], words["signature"], body);
    }

    /// <summary>The events as they stand in the body.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Events => BatchStatement.Events(Body);

    public SentLine Copy() => this with { Body = Body.ToArray() };
}

/// <summary>What a batch must have in it to be found: one event that fits all of these.</summary>
/// <param name="Text">Somewhere in the event as it was sent; empty for any.</param>
/// <param name="Type">Its CloudEvents type; empty for any.</param>
/// <param name="Devices">Words one of which must be in it: addresses, serial numbers, keys. Empty for any device.</param>
internal sealed record SentSearch(string Text, string Type, IReadOnlyList<string> Devices)
{
    private readonly string[][] wanted =
    [
        .. new[] { Text.Length > 0 ? Ways(Text) : [], Type.Length > 0 ? [$"\"type\":\"{Type}\""] : [], [.. Devices.SelectMany(Ways)] }.Where(ways => ways.Length > 0)
    ];

    public bool IsAll => wanted.Length == 0;

    private char[] characters = [];

    public bool Fits(ReadOnlyMemory<byte> text)
    {
        if (characters.Length < text.Length) characters = new char[Math.Max(text.Length, 64 * 1024)];
        var read = characters.AsSpan(0, Encoding.UTF8.GetChars(text.Span, characters));
        foreach (var ways in wanted)
            if (!Has(read, ways)) return false;
        return true;
    }

    private static bool Has(ReadOnlySpan<char> text, string[] ways)
    {
        foreach (var way in ways)
            if (text.Contains(way, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    // Events are written with all but plain ASCII escaped.
    private static string[] Ways(string words) => [.. new[] { words, JsonEncodedText.Encode(words).ToString() }.Distinct()];
}
