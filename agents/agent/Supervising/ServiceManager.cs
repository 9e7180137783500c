using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Agent.Supervising;

/// <summary>
/// What systemd is told when it has started the agent (sd_notify(3), Type=notify): that it is ready, how it is, that it still beats, that it is stopping. Without systemd nobody is told anything.
/// </summary>
/// <param name="environment">NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID of this process.</param>
internal sealed class ServiceManager(Func<string, string?> environment, TimeProvider clock)
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(30);

    private readonly string? socket = environment("NOTIFY_SOCKET") is { Length: > 1 } path && path[0] is '/' or '@' ? path : null;

    /// <summary>Tells of a service from its being ready to its end.</summary>
    /// <param name="status">One line on how it is. It is asked before each beat, and must need what the service needs: while it hangs or throws, no beat comes, and when that lasts systemd starts the agent anew.</param>
    public async Task WhileAsync(Func<CancellationToken, Task> service, Func<string> status, CancellationToken stop)
    {
        if (socket is null)
        {
            await service(stop);
            return;
        }
        Say("READY=1");
        using var over = new CancellationTokenSource();
        await using var stopping = stop.Register(() => Say("STOPPING=1"));
        var beating = BeatAsync(status, over.Token);
        try
        {
            await service(stop);
        }
        finally
        {
            await over.CancelAsync();
            await beating;
        }
    }

    // Twice as often as is asked for (sd_watchdog_enabled(3)).
    private TimeSpan Every => environment("WATCHDOG_PID") is { } pid && pid != Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? StatusEvery
        : long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 1 ? TimeSpan.FromMicroseconds(microseconds / 2)
        : StatusEvery;

    private async Task BeatAsync(Func<string> status, CancellationToken over)
    {
        try
        {
            while (true)
            {
                Say(Beat(status));
                await Task.Delay(Every, clock, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
    }

    // What fails once may work the next time; what goes on failing is what the watchdog is for.
    private static string Beat(Func<string> status)
    {
        try
        {
            return $"WATCHDOG=1\nSTATUS={status().ReplaceLineEndings(" ")}";
        }
        catch (Exception broken)
        {
            return $"STATUS=it cannot tell how it is: {broken.Message.ReplaceLineEndings(" ")}";
        }
    }

    private void Say(string state)
    {
        try
        {
            using var datagrams = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            datagrams.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(socket![0] == '@' ? $"\0{socket[1..]}" : socket));
        }
        catch (SocketException)
        {
            // A manager that is gone must not end the agent.
        }
    }
}
