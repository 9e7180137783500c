using System.Text.Json;
using System.Threading.Channels;
using Fleet.Snmp;

namespace Fleet.Simulator.Serving;

/// <summary>One request as a printer saw it: proof of what was asked, and of what was not.</summary>
/// <param name="Asked">The OIDs of the request, dotted.</param>
/// <param name="Told">The OIDs of the answer: a GetBulk is told more than it names.</param>
public sealed record PacketLogLine(DateTimeOffset At, string Serial, string Address, string Type, IReadOnlyList<string> Asked, IReadOnlyList<string> Told);

/// <summary>Packet log: one JSON line per request, flushed whenever the printers pause for breath.</summary>
public sealed class PacketLog : IAsyncDisposable
{
    private readonly Channel<PacketLogLine> lines = Channel.CreateBounded<PacketLogLine>(100_000);
    private readonly StreamWriter file;
    private readonly Task writing;

    public PacketLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        file = new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
        writing = WriteAsync();
    }

    // Waits when the disk cannot keep up: a log that proves something must not drop a line.
    public ValueTask AddAsync(PacketLogLine line) => lines.Writer.WriteAsync(line);

    public static PacketLogLine Line(DateTimeOffset at, string serial, string address, SnmpPdu asked, IEnumerable<Oid> told) => new(
        at, serial, address, asked.Type.ToString(), [.. asked.VarBinds.Select(asked => asked.Name.ToString())], [.. told.Select(name => name.ToString())]);

    public async ValueTask DisposeAsync()
    {
        lines.Writer.TryComplete();
        await writing;
        await file.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        while (await lines.Reader.WaitToReadAsync())
        {
            while (lines.Reader.TryRead(out var line)) await file.WriteLineAsync(JsonSerializer.Serialize(line, JsonSerializerOptions.Web));
            await file.FlushAsync();
        }
    }
}
