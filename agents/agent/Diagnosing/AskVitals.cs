using System.Net.Sockets;
using System.Text.Json;

namespace Fleet.Agent.Diagnosing;

/// <summary>Asks the agent that runs from a state directory how it is.</summary>
internal static class AskVitals
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when nobody answers: none runs, or one that hangs, or one that can open no socket there.</summary>
    public static async Task<Vitals?> OfAsync(string stateDir, CancellationToken cancel)
    {
        var file = Path.Combine(stateDir, TellVitals.FileName);
        if (!File.Exists(file)) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(file), patience.Token);
            using var stream = new NetworkStream(socket);
            return await JsonSerializer.DeserializeAsync(stream, VitalsJson.Told.Vitals, patience.Token);
        }
        catch (Exception none) when (none is SocketException or IOException or JsonException or ArgumentException or UnauthorizedAccessException || (none is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
