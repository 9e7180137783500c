using System.Globalization;
using System.Text.Json;

namespace Fleet.Agent.Transcribing;

// transcript/*.jsonl, *.jsonl.gz, newest file first -> lines of a kind -> those that fit, newest first -> one page of them

/// <summary>How far a transcript goes.</summary>
/// <param name="First">Number of the first entry that is left; 0 when there is none.</param>
/// <param name="Began">When that was written.</param>
/// <param name="Bytes">On disk.</param>
internal sealed record TranscriptExtent(long First, DateTimeOffset? Began, long Bytes, int Files);

/// <summary>What every line says of itself first.</summary>
internal sealed record LineHead(long Number, DateTimeOffset At, string Kind);

/// <param name="Older">Number of a line: with it as <c>before</c> the search goes on. Null when there is nothing older.</param>
/// <param name="BackTo">When the oldest line was written that was looked at; null when there was none.</param>
internal sealed record Browsed<T>(IReadOnlyList<T> Lines, long? Older, DateTimeOffset? BackTo);

/// <summary>
/// Reads a transcript of any size from its newest line backwards, in bounded memory: file by file, each from its beginning, keeping the last few lines that fit. After a while it stops and says
/// how far it got.
/// </summary>
/// <param name="Before">Only lines with smaller numbers.</param>
/// <param name="Limit">Lines at most.</param>
/// <param name="Patience">When it has taken so long, the file under way is the last one.</param>
internal sealed record BrowseTranscript(string Folder, long Before, int Limit, DateTimeOffset? From, DateTimeOffset? Until, TimeSpan Patience)
{
    public static TranscriptExtent ExtentOf(string folder)
    {
        if (!Directory.Exists(folder) || TranscriptFiles.All(folder) is not [var oldest, ..] files) return new(0, null, 0, 0);
        using var reader = TranscriptReader.Open(oldest);
        return new(NumberOf(oldest), reader?.Read() is true ? HeadOf(reader.Line.Span).At : null, files.Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0), files.Count);
    }

    /// <summary>One line by its number, as long as the reader is there.</summary>
    public static T? Find<T>(string folder, long number, Func<LineHead, ReadOnlyMemory<byte>, T?> read) where T : class
    {
        var file = TranscriptFiles.All(folder).LastOrDefault(file => NumberOf(file) <= number);
        using var reader = file is null ? null : TranscriptReader.Open(file);
        while (reader?.Read() is true)
            if (HeadOf(reader.Line.Span) is var head && head.Number == number) return read(head, reader.Line);
        return null;
    }

    /// <param name="pick">What a line is to the one who asks; null when it does not fit. Sees a file's lines in their order.</param>
    /// <param name="began">Called before the first line of each file.</param>
    public Browsed<T> Run<T>(Func<LineHead, ReadOnlyMemory<byte>, T?> pick, TimeProvider clock, CancellationToken gone, Action? began = null) where T : class
    {
        var (found, since, backTo) = (new List<(long Number, T Line)>(), clock.GetTimestamp(), default(DateTimeOffset?));
        var files = TranscriptFiles.All(Folder).Where(file => NumberOf(file) < Before).Reverse().ToList();
        for (var at = 0; at < files.Count; at++)
        {
            var (kept, oldest) = (new Queue<(long Number, T Line)>(), default(DateTimeOffset?));
            using var reader = TranscriptReader.Open(files[at]);
            began?.Invoke();
            while (reader?.Read() is true)
            {
                gone.ThrowIfCancellationRequested();
                var head = HeadOf(reader.Line.Span);
                oldest ??= head.At;
                if (head.Number >= Before || head.At >= Until) break;
                if (pick(head, reader.Line) is not { } line || head.At < From) continue;
                kept.Enqueue((head.Number, line));
                if (kept.Count > Limit - found.Count + 1) kept.Dequeue();       // one more than is shown tells whether there are more
            }
            backTo = oldest ?? backTo;
            found.AddRange(kept.Reverse());
            if (found.Count > Limit) return new([.. found.Take(Limit).Select(one => one.Line)], found[Limit - 1].Number, backTo);
            if (oldest < From) break;
            if (clock.GetElapsedTime(since) > Patience && at + 1 < files.Count) return new([.. found.Select(one => one.Line)], NumberOf(files[at]), backTo);
        }
        return new([.. found.Select(one => one.Line)], null, backTo);
    }

    // {"n":1,"at":"…","previous":"…","kind":"…", and then what the kind has.
    private static LineHead HeadOf(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        var (number, at) = (0L, DateTimeOffset.MinValue);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            json.Read();
            if (name == "n") number = json.GetInt64();
            else if (name == "at") at = json.GetDateTimeOffset();
            else if (name == "kind") return new(number, at, json.GetString()!);
        }
        throw new JsonException("a line of a transcript says its kind");
    }

    private static long NumberOf(string file) => long.Parse(Path.GetFileName(file).Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture);
}
