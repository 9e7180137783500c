using System.Globalization;
using System.Text.Json;

namespace Fleet.Cli.Output;

/// <summary>What a command says that looks through all history: each finding at once, a line each, then the sums; or the same as one JSON document, written as it comes.</summary>
public sealed class FindingsOutput<T> : IDisposable
{
    private const long Step = 100_000;

    private readonly Func<T, string> _line;
    private readonly Utf8JsonWriter? _json;
    private readonly Progress? _progress;
    private long _said;

    private FindingsOutput(Func<T, string> line, Utf8JsonWriter? json, Progress? progress) => (_line, _json, _progress) = (line, json, progress);

    /// <param name="list">Name of the findings in the JSON document.</param>
    /// <param name="line">A finding in words.</param>
    public static FindingsOutput<T> Of(string list, Func<T, string> line, bool json, TimeProvider clock)
    {
        if (!json)
            return new(line, null, new(clock));
        var writer = new Utf8JsonWriter(Console.OpenStandardOutput(), new() { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartArray(list);
        return new(line, writer, null);
    }

    public void Found(T one)
    {
        if (_json is null)
            Console.WriteLine(_line(one));
        else
        {
            JsonSerializer.Serialize(_json, one, JsonSerializerOptions.Web);
            _json.Flush();
        }
    }

    public void Progress(long events)
    {
        if (events / Step == _said)
            return;
        _said = events / Step;
        _progress?.Say(string.Create(CultureInfo.InvariantCulture, $"{events} events looked at"));
    }

    public void End(string sentence, params ReadOnlySpan<(string Name, long Count)> sums)
    {
        if (_json is null)
        {
            Console.WriteLine(sentence);
            return;
        }
        _json.WriteEndArray();
        foreach (var (name, count) in sums)
            _json.WriteNumber(name, count);
        _json.WriteEndObject();
        _json.Flush();
        Console.WriteLine();
    }

    public void Dispose() => _json?.Dispose();
}
