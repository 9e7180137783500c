using System.Net;

namespace Fleet.Snmp;

/// <summary>Holds each device to its few unanswered requests. Forgets a device when nothing waits for it, so a sweep leaves nothing behind.</summary>
internal sealed class DeviceWindows(int size)
{
    private readonly Dictionary<IPEndPoint, Window> windows = [];

    private sealed class Window
    {
        public int Open { get; set; }
        public Queue<TaskCompletionSource>? Waiting { get; set; }
    }

    /// <summary>Waits for a place, first come first served. Each place must be given back with <see cref="Leave"/>.</summary>
    public async ValueTask EnterAsync(IPEndPoint device, CancellationToken cancel)
    {
        TaskCompletionSource turn;
        lock (windows)
        {
            if (!windows.TryGetValue(device, out var window)) windows.Add(device, window = new());
            if (window.Open < size)
            {
                window.Open++;
                return;
            }
            (window.Waiting ??= []).Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        await using var cancelled = cancel.UnsafeRegister(static (waiter, token) => ((TaskCompletionSource)waiter!).TrySetCanceled(token), turn);
        await turn.Task;
    }

    public void Leave(IPEndPoint device)
    {
        lock (windows)
        {
            var window = windows[device];
            while (window.Waiting is { } waiting && waiting.TryDequeue(out var next))
                if (next.TrySetResult()) return;        // the place changes hands; who gave up waiting is passed over
            if (--window.Open == 0) windows.Remove(device);
        }
    }
}
