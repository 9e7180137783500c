using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Keeping;
using Fleet.Agent.Spooling;

namespace Fleet.Agent.Transcribing;

// what was asked, what was sent -> one JSON line each, with the SHA-256 of the line before it -> transcript/*.jsonl, rotated to *.jsonl.gz

/// <summary>How large one file of the transcript grows, and all of them together, before the oldest goes.</summary>
public sealed record TranscriptLimits(long FileBytes = 64L << 20, long AllBytes = 2L << 30);

/// <summary>What cannot be written down is not sent.</summary>
public sealed class TranscriptException(Exception cause) : Exception($"the transcript cannot be written: {cause.Message}; nothing is sent that is not in it", cause);

/// <summary>
/// The customer's record of every OID the agent asked and every byte it sent. A line that was changed, left out or put in breaks the chain. A line is with the operating system before
/// what it tells of goes out: kill −9 leaves nothing untold, a power failure may take the last lines.
/// </summary>
public sealed class Transcript : IDisposable
{
    public const string FolderName = "transcript";

    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock one = new();
    private readonly ArrayBufferWriter<byte> line = new();
    private readonly HashSet<string> questions = new(StringComparer.Ordinal);
    private readonly string folder;
    private readonly TranscriptLimits limits;
    private readonly TimeProvider clock;
    private FileStream? file;
    private TranscriptHead head;

    private Transcript(string folder, TranscriptLimits limits, TimeProvider clock, TranscriptHead head) =>
        (this.folder, this.limits, this.clock, this.head) = (folder, limits, clock, head);

    /// <summary>Goes on behind the last whole line. Half a line, which only a power failure leaves, is cut away and said so.</summary>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static Transcript Open(string stateDir, string agent, TranscriptLimits limits, TimeProvider clock)
    {
        var folder = Path.Combine(stateDir, FolderName);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        TranscriptFiles.Settle(folder);
        var (head, cut) = TranscriptHead.Find(folder);
        var transcript = new Transcript(folder, limits, clock, head);
        transcript.Append("began", json =>
        {
            json.WriteString("agent", agent);
            json.WriteString("version", AgentRun.Version);
            if (cut > 0) json.WriteNumber("cutBytes", cut);
        });
        return transcript;
    }

    /// <summary>Number of the last line.</summary>
    public long Last
    {
        get { lock (one) return head.Number; }
    }

    /// <summary>Devices that were asked these objects, under this grant.</summary>
    public void Asked(IReadOnlyList<string> oids, IReadOnlyList<string> devices, string? grantId)
    {
        var id = $"q{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', oids))).AsSpan(0, 8))}";
        lock (one)
        {
            Rotate();
            if (!questions.Contains(id))
                Append("questions", json => { json.WriteString("id", id); Strings(json, "oids", oids); });
            questions.Add(id);
            Append("asked", json => { json.WriteString("questions", id); json.WriteString("grant", grantId); Strings(json, "devices", devices); });
        }
    }

    /// <summary>Somebody at the site switched a field group off or on; <paramref name="withheld"/> are all that are off from now on.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Switched(string group, bool off, IReadOnlyList<string> withheld)
    {
        lock (one)
        {
            Rotate();
            Append("switched", json =>
            {
                json.WriteString("group", group);
                json.WriteBoolean("off", off);
                Strings(json, "withheld", withheld);
            });
        }
    }

    /// <summary>A batch that is about to go to the broker, byte for byte; once more when it is sent once more.</summary>
    /// <exception cref="TranscriptException">It cannot be written; then it is not sent either.</exception>
    public void Sent(Batch batch)
    {
        try
        {
            lock (one) Write(batch);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            throw new TranscriptException(full);
        }
    }

    private void Write(Batch batch)
    {
        Rotate();
        Append("sent", json =>
        {
            json.WriteNumber("sequence", batch.Sequence);
            json.WriteString("routingKey", batch.RoutingKey);
            json.WriteString("previousBody", batch.Previous);
            json.WriteString("key", batch.KeyId);
            json.WriteString("signature", batch.Signature);
            json.WritePropertyName("body");
            json.WriteRawValue(batch.Body);
        });
    }

    public void Dispose()
    {
        lock (one) file?.Dispose();
    }

    private void Append(string kind, Action<Utf8JsonWriter> members)
    {
        lock (one)
        {
            line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(line, Compact))
            {
                json.WriteStartObject();
                json.WriteNumber("n", head.Number + 1);
                json.WriteString("at", clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
                json.WriteString("previous", head.Hash);
                json.WriteString("kind", kind);
                members(json);
                json.WriteEndObject();
            }
            var next = head.After(line.WrittenSpan);
            line.Write("\n"u8);
            file ??= OpenFile();
            var at = file.Position;
            try
            {
                file.Write(line.WrittenSpan);
                file.Flush();
            }
            catch (IOException)
            {
                file.SetLength(at);     // not half a line
                file.Position = at;
                throw;
            }
            head = next;
        }
    }

    private FileStream OpenFile()
    {
        TranscriptFiles.Settle(folder);
        var path = TranscriptFiles.Open(folder) ?? Path.Combine(folder, $"{head.Number + 1:D12}.jsonl");
        var stream = OwnFile.Open(path, FileMode.OpenOrCreate);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    // Each file can be read alone: it names its own questions. When it cannot be closed and compressed, the next line goes on in it and the one after tries again.
    private void Rotate()
    {
        if (file is null || file.Length < limits.FileBytes) return;
        var full = file.Name;
        file.Dispose();
        file = null;
        TranscriptFiles.Compress(full);
        questions.Clear();
        TranscriptFiles.Trim(folder, limits.AllBytes);
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
