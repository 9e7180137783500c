using System.IO.Compression;
using Fleet.Agent.Keeping;

namespace Fleet.Agent.Transcribing;

/// <summary>The files of a transcript: named by the number of their first line, so that their names sort in the order of the chain.</summary>
internal static class TranscriptFiles
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<string> All(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.jsonl*").Where(file => file.EndsWith(".jsonl", StringComparison.Ordinal) || file.EndsWith(".jsonl.gz", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The one that is still written to.</summary>
    public static string? Open(string folder) => All(folder).LastOrDefault(file => file.EndsWith(".jsonl", StringComparison.Ordinal));

    /// <summary>Lines without their ends; what stands behind the last line end is one, too.</summary>
    public static IEnumerable<byte[]> Lines(string file)
    {
        using var raw = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using Stream stream = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        var (buffer, kept) = (new byte[256 * 1024], 0);
        for (int read; (read = stream.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            var (start, filled) = (0, kept + read);
            for (int end; (end = Array.IndexOf(buffer, (byte)'\n', start, filled - start)) >= 0; start = end + 1) yield return buffer[start..end];
            Array.Copy(buffer, start, buffer, 0, kept = filled - start);
            if (kept == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
        if (kept > 0) yield return buffer[..kept];
    }

    /// <summary>Whole or not at all: the compressed file has its name only when it is complete.</summary>
    public static void Compress(string file)
    {
        using (var from = File.OpenRead(file))
        using (var to = new GZipStream(OwnFile.Open(file + ".gz.new", FileMode.Create), CompressionLevel.Optimal))
            from.CopyTo(to);
        File.Move(file + ".gz.new", file + ".gz", overwrite: true);
        File.Delete(file);
    }

    /// <summary>Ends what a kill in the middle of <see cref="Compress"/> left: a file that is there compressed is not there twice.</summary>
    public static void Settle(string folder)
    {
        foreach (var half in Directory.GetFiles(folder, "*.gz.new")) File.Delete(half);
        foreach (var twice in Directory.GetFiles(folder, "*.jsonl").Where(file => File.Exists(file + ".gz"))) File.Delete(twice);
    }

    /// <summary>Deletes the oldest until what is left fits. The chain then begins with the first line that is left.</summary>
    public static void Trim(string folder, long allBytes)
    {
        var files = All(folder).Select(file => new FileInfo(file)).ToList();
        for (var over = files.Sum(file => file.Length) - allBytes; over > 0 && files.Count > 1; files.RemoveAt(0))
        {
            over -= files[0].Length;
            files[0].Delete();
        }
    }
}
