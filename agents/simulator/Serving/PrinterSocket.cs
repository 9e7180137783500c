using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Simulator.Answering;
using Fleet.Simulator.Mib;
using Fleet.Simulator.Printers;
using Fleet.Snmp;

namespace Fleet.Simulator.Serving;

/// <summary>One printer's UDP socket. Waiting costs a pending receive and two kilobytes, no thread.</summary>
internal sealed class PrinterSocket : IAsyncDisposable
{
    private static readonly byte[] Community = Encoding.UTF8.GetBytes(PlacedPrinter.Community);

    private readonly PlacedPrinter placed;
    private readonly TimeProvider clock;
    private readonly Disturbance disturbance;
    private readonly PacketLog? log;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource stopping = new();
    private Task serving = Task.CompletedTask;

    /// <exception cref="SocketException">The address and port are taken.</exception>
    public PrinterSocket(PlacedPrinter placed, int port, TimeProvider clock, Disturbance disturbance, PacketLog? log)
    {
        (this.placed, this.clock, this.disturbance, this.log) = (placed, clock, disturbance, log);
        try
        {
            socket.Bind(new IPEndPoint(placed.Address, port));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public int Port => ((IPEndPoint)socket.LocalEndPoint!).Port;

    public void Serve() => serving = ServeAsync();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        socket.Dispose();
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[2048];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        for (long packet = 0; !stopping.IsCancellationRequested; packet++)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, stopping.Token);
                if (disturbance.Loses(placed.Printer.Number, packet)) continue;
                if (await AnswerAsync(buffer.AsMemory(0, length)) is not { } answer) continue;
                if (disturbance.Delay > TimeSpan.Zero) await Task.Delay(disturbance.Delay, stopping.Token);
                await socket.SendToAsync(answer, SocketFlags.None, from, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception broken) when (broken is SnmpFormatException or SocketException)
            {
                // A datagram that is no SNMP, or an asker who is gone: a printer says nothing and goes on.
            }
        }
    }

    private async ValueTask<byte[]?> AnswerAsync(ReadOnlyMemory<byte> datagram)
    {
        var request = SnmpMessage.Decode(datagram.Span);
        if (!request.Community.Span.SequenceEqual(Community)) return null;
        var now = clock.GetUtcNow();
        var answer = Answer.To(request, new MibView(placed.Printer.At(now)), placed.Printer.Personality.MaxVarBinds);
        if (log is not null)
        {
            var told = answer is null ? [] : SnmpMessage.Decode(answer).Pdu.VarBinds.Select(value => value.Name);
            await log.AddAsync(PacketLog.Line(now, placed.Printer.Serial, placed.Address.ToString(), request.Pdu, told));
        }
        return answer;
    }
}
