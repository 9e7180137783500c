using System.Net.Sockets;
using Fleet.Simulator.Printers;

namespace Fleet.Simulator.Serving;

/// <summary>Virtual printers that answer. Starting returns when every socket is bound; disposing closes them all.</summary>
public sealed class RunningPrinters : IAsyncDisposable
{
    private readonly IReadOnlyList<PrinterSocket> sockets;

    private RunningPrinters(IReadOnlyList<PlacedPrinter> placed, IReadOnlyList<PrinterSocket> sockets, int port) => (Placed, this.sockets, Port) = (placed, sockets, port);

    public IReadOnlyList<PlacedPrinter> Placed { get; }

    public int Port { get; }

    public IReadOnlyList<ManifestEntry> Manifest => [.. Placed.Select(placed => ManifestEntry.Of(placed, Port))];

    /// <param name="port">0 takes one that is free for the first printer; the others must find it free too.</param>
    /// <param name="clock">What the printers take for now: a stepped clock makes months pass in seconds.</param>
    /// <exception cref="SocketException">An address and port is taken.</exception>
    public static async Task<RunningPrinters> StartAsync(
        IReadOnlyList<PlacedPrinter> placed, int port, TimeProvider clock, Disturbance? disturbance = null, PacketLog? log = null)
    {
        var sockets = new List<PrinterSocket>(placed.Count);
        try
        {
            foreach (var printer in placed)
            {
                sockets.Add(new(printer, port, clock, disturbance ?? Disturbance.None, log));
                port = sockets[0].Port;
            }
        }
        catch
        {
            foreach (var socket in sockets) await socket.DisposeAsync();
            throw;
        }
        foreach (var socket in sockets) socket.Serve();
        return new(placed, sockets, port);
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(sockets.Select(socket => socket.DisposeAsync().AsTask()));
    }
}
