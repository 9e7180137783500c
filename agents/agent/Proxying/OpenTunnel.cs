using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;

namespace Fleet.Agent.Proxying;

// host and port -> TCP to the proxy -> CONNECT -> its answer, read with bounds -> a socket whose other end is the host

/// <summary>The way through an HTTP proxy: RFC 9110 §9.3.6. Whatever is said afterwards, TLS first of all, is between the agent and the host.</summary>
internal static class OpenTunnel
{
    private const int LargestHead = 16 * 1024;

    // Below what HTTP and AMQP allow a connection, so that the proxy is named and not its silence taken for the server's.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <exception cref="ProxyException">There is no way through; why.</exception>
    public static async Task<Socket> ToAsync(ProxyConfig proxy, string host, int port, CancellationToken cancel)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host.Trim('[', ']')}]" : host)}:{port}");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await ConnectAsync(socket, proxy, patience.Token);
            await AskAsync(socket, proxy, target, patience.Token);
            return socket;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            throw new ProxyException(FailureKind.ProxySilent, string.Create(CultureInfo.InvariantCulture, $"{proxy} has not opened the way to {target} within {Patience.TotalSeconds:0} s"));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task ConnectAsync(Socket socket, ProxyConfig proxy, CancellationToken cancel)
    {
        try
        {
            await socket.ConnectAsync(new DnsEndPoint(proxy.Host, proxy.Port), cancel);
        }
        catch (SocketException unknown) when (unknown.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain)
        {
            throw new ProxyException(FailureKind.ProxyDns, $"no address is known for the proxy {proxy.Host}", unknown);
        }
        catch (SocketException refused)
        {
            var why = refused.SocketErrorCode == SocketError.ConnectionRefused ? "refuses connections: is it running?" : $"cannot be reached: {refused.Message}";
            throw new ProxyException(FailureKind.ProxyUnreachable, $"{proxy} {why}", refused);
        }
    }

    private static async Task AskAsync(Socket socket, ProxyConfig proxy, string target, CancellationToken cancel)
    {
        var login = proxy.Authorization is { } secret ? $"Proxy-Authorization: {secret}\r\n" : "";
        try
        {
            var question = Encoding.ASCII.GetBytes($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n");
            for (var rest = question.AsMemory(); rest.Length > 0;) rest = rest[await socket.SendAsync(rest, cancel)..];
            var answer = await ReadAsync(socket, cancel);
            if (answer is not { IsOpen: true }) throw answer?.Refusal(proxy, target) ?? Nonsense("no answer in HTTP/1");
        }
        catch (SocketException broken)
        {
            throw Nonsense(broken.Message, broken);
        }

        ProxyException Nonsense(string what, Exception? cause = null) => new(FailureKind.ProxyNonsense, $"{proxy} answers CONNECT with nonsense: {what}", cause);
    }

    // Null when it is none, too long, or ends before it has ended.
    private static async Task<ProxyAnswer?> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var head = new byte[LargestHead];
        for (var (begin, length) = (0, 0); length < head.Length;)
        {
            // Looked at before it is taken: what follows the head is the tunnel's and stays where it is.
            var seen = await socket.ReceiveAsync(head.AsMemory(length), SocketFlags.Peek, cancel);
            var end = ProxyAnswer.EndOf(head.AsSpan(begin, length + seen - begin));
            var take = end < 0 ? seen : begin + end - length;
            if (seen == 0 || !ProxyAnswer.MayBegin(head.AsSpan(begin, length + seen - begin))) return null;
            for (var upTo = length + take; length < upTo;) length += await socket.ReceiveAsync(head.AsMemory(length, upTo - length), cancel);
            if (end < 0) continue;
            var answer = ProxyAnswer.Parse(head.AsSpan(begin, length - begin));
            if (answer is not { IsInterim: true }) return answer;
            begin = length;
        }
        return null;
    }
}
