using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Fleet.Telemetry.Tests.Reports;

/// <summary>A mail server of this test's own (RFC 5321, what a client needs of it), which takes everything, or refuses as often as it is told to.</summary>
internal sealed class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _refusals;

    public SmtpSink()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<(string[] To, MimeMessage Message)> Mails { get; } = [];

    public void RefuseNext(int times) => Interlocked.Exchange(ref _refusals, times);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client.GetStream());
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // the client or the test is gone
            }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        var to = new List<string>();
        await writer.WriteLineAsync("220 sink");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
            if (line.StartsWith("RCPT TO:", StringComparison.OrdinalIgnoreCase))
            {
                to.Add(line[8..].Trim('<', '>', ' '));
                await writer.WriteLineAsync("250 ok");
            }
            else if (line == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                var text = new StringBuilder();
                while (await reader.ReadLineAsync(_stop.Token) is { } data && data != ".")
                    text.Append(data.StartsWith("..", StringComparison.Ordinal) ? data[1..] : data).Append("\r\n");
                if (Interlocked.Decrement(ref _refusals) >= 0)
                {
                    await writer.WriteLineAsync("451 try again later");
                    continue;
                }
                lock (Mails)
                    Mails.Add(([.. to], MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(text.ToString())))));
                await writer.WriteLineAsync("250 kept");
            }
            else
            {
                await writer.WriteLineAsync(line == "QUIT" ? "221 bye" : "250 ok");
                if (line == "QUIT")
                    return;
            }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.WaitAsync(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }
}
