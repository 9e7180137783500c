using System.Net;

namespace Fleet.Snmp;

/// <summary>Holds each device to its few unanswered requests. Forgets a device when nothing waits for it, so a sweep leaves nothing behind.</summary>
internal sealed class DeviceWindows(int size)
{
    private readonly Dictionary<IPEndPoint, Window> windows = [];

    private sealed class Window(int size) : SemaphoreSlim(size)
    {
        public int Users { get; set; }
    }

    public async ValueTask EnterAsync(IPEndPoint device, CancellationToken cancel)
    {
        Window? window;
        lock (windows)
        {
            if (!windows.TryGetValue(device, out window)) windows.Add(device, window = new Window(size));
            window.Users++;
        }
        try
        {
            await window.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            Forget(device, window);
            throw;
        }
    }

    public void Leave(IPEndPoint device)
    {
        Window window;
        lock (windows) window = windows[device];
        window.Release();
        Forget(device, window);
    }

    private void Forget(IPEndPoint device, Window window)
    {
        lock (windows)
        {
            if (--window.Users > 0) return;
            windows.Remove(device);
            window.Dispose();
        }
    }
}
