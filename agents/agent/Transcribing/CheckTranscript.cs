using System.Text.Json;

namespace Fleet.Agent.Transcribing;

/// <summary>What a check of a transcript found.</summary>
/// <param name="Lines">Lines whose place in the chain holds.</param>
/// <param name="First">Number of the first line that is left.</param>
/// <param name="Fault">The first line that does not hold: file, number of the line in it, why. Null when all do.</param>
public sealed record TranscriptCheck(long Lines, long First, string? Fault);

/// <summary>Follows the chain from its first line to its last.</summary>
public static class CheckTranscript
{
    public static TranscriptCheck Of(string folder)
    {
        var (head, first, lines) = (default(TranscriptHead), 0L, 0L);
        foreach (var file in TranscriptFiles.All(folder))
        {
            var at = 0;
            foreach (var line in TranscriptFiles.Lines(file))
            {
                at++;
                if (Fault(line, head) is { } fault) return new(lines, first, $"{Path.GetFileName(file)}, line {at}: {fault}");
                first = head is null ? TranscriptHead.NumberOf(line) : first;
                head = new TranscriptHead(TranscriptHead.NumberOf(line) - 1, "").After(line);
                lines++;
            }
        }
        return new(lines, first, null);
    }

    private static string? Fault(byte[] line, TranscriptHead? head)
    {
        try
        {
            var json = JsonDocument.Parse(line).RootElement;
            var (number, previous) = (json.GetProperty("n").GetInt64(), json.GetProperty("previous").GetString());
            // What is left of a long transcript begins in the middle; only its very first line has nothing before it.
            var expected = head ?? (number == 1 ? TranscriptHead.Start : new(number - 1, previous ?? ""));
            return number != expected.Number + 1 ? $"is number {number}, not {expected.Number + 1}: lines were left out, put in or moved"
                : previous != expected.Hash ? $"number {number} does not follow from the line before it: one of the two was changed"
                : null;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return "is no line of a transcript";
        }
    }
}
