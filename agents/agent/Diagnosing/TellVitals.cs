using System.Net.Sockets;
using System.Text.Json;

namespace Fleet.Agent.Diagnosing;

// agent.sock in the state directory <- a doctor beside the agent; Vitals as one JSON object ->

/// <summary>
/// Answers whoever may open the state directory how the agent is. A socket in the file system and no port: who may connect is a matter of the directory's rights (0700), and it costs nothing while nobody asks.
/// </summary>
internal sealed class TellVitals : IAsyncDisposable
{
    public const string FileName = "agent.sock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket socket;
    private readonly string file;
    private readonly Func<Vitals> now;
    private readonly AgentLog log;
    private readonly CancellationTokenSource over = new();
    private readonly Task telling;

    private TellVitals(Socket socket, string file, Func<Vitals> now, AgentLog log)
    {
        (this.socket, this.file, this.now, this.log) = (socket, file, now, log);
        telling = RunAsync();
    }

    /// <summary>Null when it cannot be opened (where the path is too long, or the file system has no sockets): then a line says so, and the agent goes on without.</summary>
    public static TellVitals? Open(string stateDir, Func<Vitals> now, AgentLog log)
    {
        var file = Path.Combine(stateDir, FileName);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(file);      // of an agent that was killed
            socket.Bind(new UnixDomainSocketEndPoint(file));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen();
            return new(socket, file, now, log);
        }
        catch (Exception unfit) when (unfit is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            log.Info($"stateDir: {file} cannot be opened, so a doctor beside this agent is told nothing of it: {unfit.Message}");
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await telling;
        socket.Dispose();
        over.Dispose();
        File.Delete(file);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var asking = await socket.AcceptAsync(over.Token);
                await TellAsync(asking);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
        catch (SocketException ended)
        {
            log.Warn($"{file} is closed: {ended.Message}");
        }
    }

    private async Task TellAsync(Socket asking)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        patience.CancelAfter(Patience);
        try
        {
            using var stream = new NetworkStream(asking);
            await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(now(), VitalsJson.Told.Vitals), patience.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // whoever asked does not wait any more
        }
        catch (Exception broken)
        {
            log.Error($"{file}: {broken.GetType().Name}: {broken.Message}");
        }
    }
}
