using System.IO.Compression;

namespace Fleet.Agent.Transcribing;

/// <summary>The lines of one file of a transcript, each in a buffer that is used again: a file may be read while it is written, and be far larger than memory.</summary>
internal sealed class TranscriptReader : IDisposable
{
    private readonly Stream stream;
    private byte[] buffer = new byte[256 * 1024];
    private int start, filled;
    private bool isEnded;

    private TranscriptReader(Stream stream) => this.stream = stream;

    /// <summary>Without its end; holds until the next <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Null when it has been removed for its age meanwhile; one that was compressed meanwhile is read so.</summary>
    public static TranscriptReader? Open(string file)
    {
        foreach (var name in file.EndsWith(".gz", StringComparison.Ordinal) ? [file] : new[] { file, file + ".gz" })
        {
            try
            {
                var raw = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                return new(name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(raw, CompressionMode.Decompress) : raw);
            }
            catch (FileNotFoundException)
            {
            }
        }
        return null;
    }

    /// <summary>The next line that is there whole; false when there is none. What stands behind the last line end is still being written.</summary>
    public bool Read()
    {
        for (var looked = start; ;)
        {
            if (Array.IndexOf(buffer, (byte)'\n', looked, filled - looked) is >= 0 and var end)
            {
                Line = buffer.AsMemory(start, end - start);
                start = end + 1;
                return true;
            }
            if (isEnded) return false;
            if (start > 0)
            {
                Array.Copy(buffer, start, buffer, 0, filled - start);
                (start, filled) = (0, filled - start);
            }
            looked = filled;
            if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = stream.Read(buffer, filled, buffer.Length - filled);
            filled += read;
            isEnded = read == 0;
        }
    }

    public void Dispose() => stream.Dispose();
}
