using System.Security.Cryptography;
using System.Text.Json;

namespace Fleet.Agent.Transcribing;

/// <summary>Where the chain stands.</summary>
/// <param name="Number">Of the last line; 0 before the first.</param>
/// <param name="Hash">SHA-256 of the last line without its line end, lower-case hex; 64 zeros before the first.</param>
public sealed record TranscriptHead(long Number, string Hash)
{
    public static readonly TranscriptHead Start = new(0, new string('0', 64));

    public TranscriptHead After(ReadOnlySpan<byte> line) => new(Number + 1, Convert.ToHexStringLower(SHA256.HashData(line)));

    /// <summary>The head of what lies in a folder; bytes behind the last line end of its open file are cut away.</summary>
    public static (TranscriptHead Head, long Cut) Find(string folder)
    {
        var cut = TranscriptFiles.Open(folder) is { } open ? CutHalfLine(open) : 0;
        var last = TranscriptFiles.All(folder).Reverse().Select(file => TranscriptFiles.Lines(file).LastOrDefault()).FirstOrDefault(line => line is not null);
        return (last is null ? Start : new(NumberOf(last), Convert.ToHexStringLower(SHA256.HashData(last))), cut);
    }

    public static long NumberOf(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        return json.Read() && json.Read() && json.ValueTextEquals("n"u8) && json.Read() && json.TryGetInt64(out var number)
            ? number
            : throw new JsonException("a line of a transcript begins with its number");
    }

    private static long CutHalfLine(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        var (length, end) = (stream.Length, 0L);
        var buffer = new byte[64 * 1024];
        for (var at = length; at > 0 && end == 0;)
        {
            var part = (int)Math.Min(buffer.Length, at);
            stream.Position = at -= part;
            stream.ReadExactly(buffer, 0, part);
            if (Array.LastIndexOf(buffer, (byte)'\n', part - 1) is var found and >= 0) end = at + found + 1;
        }
        if (end < length) stream.SetLength(end);
        return length - end;
    }
}
