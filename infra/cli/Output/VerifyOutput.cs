using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Streams;

namespace Fleet.Cli.Output;

/// <summary>What a verification says: each break at once, a line each, then the sums; or the same as one JSON document, written as it comes.</summary>
public sealed class VerifyOutput : IDisposable
{
    private const long Step = 100_000;

    private readonly Utf8JsonWriter? _json;
    private readonly Progress? _progress;
    private long _said;

    private VerifyOutput(Utf8JsonWriter? json, Progress? progress) => (_json, _progress) = (json, progress);

    public static VerifyOutput Text(TimeProvider clock) => new(null, new(clock));

    public static VerifyOutput Json()
    {
        var json = new Utf8JsonWriter(Console.OpenStandardOutput(), new() { Indented = true });
        json.WriteStartObject();
        json.WriteStartArray("breaks");
        return new(json, null);
    }

    public void Found(Broken one)
    {
        if (_json is null)
            Console.WriteLine(Line(one));
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
        _progress?.Say(string.Create(CultureInfo.InvariantCulture, $"{events} events verified"));
    }

    public void End(Verified verified)
    {
        if (_json is null)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{verified.Events} events of {verified.Streams} streams; {verified.Batches} signed batches with {verified.Leaves} edge events, {verified.Readings} readings held against them; {verified.Unsigned} batches of before agents signed: {(verified.Breaks == 0 ? "all holds" : $"{verified.Breaks} breaks")}"));
            return;
        }
        _json.WriteEndArray();
        foreach (var (name, count) in new[]
        {
            ("events", verified.Events), ("streams", verified.Streams), ("batches", verified.Batches), ("leaves", verified.Leaves), ("readings", verified.Readings), ("unsignedBatches", verified.Unsigned),
        })
            _json.WriteNumber(name, count);
        _json.WriteEndObject();
        _json.Flush();
        Console.WriteLine();
    }

    /// <summary>tenant, stream, version, place in the store, what.</summary>
    public static string Line(Broken one) => string.Create(CultureInfo.InvariantCulture, $"broken: {one.Tenant} {one.Stream}{(one.Version is { } v ? $" version {v}" : "")}{(one.Position is { } p ? $" (event {p})" : "")}: {one.What}");

    public void Dispose() => _json?.Dispose();
}
