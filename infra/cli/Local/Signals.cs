using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Fleet.Cli.Local;

public enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15
}

/// <summary>kill(2), and only at processes whose identity still matches.</summary>
public static class Signals
{
    public static void Send(ProcessIdentity process, Signal signal)
    {
        if (!process.IsAlive || Kill(process.Pid, (int)signal) == 0)
            return;
        var error = Marshal.GetLastPInvokeError();
        if (error != NoSuchProcess)
            throw new FleetException("Cannot signal", $"pid {process.Pid}", new Win32Exception(error).Message);
    }

    /// <summary>Asks with <paramref name="first"/>; after <paramref name="grace"/> insists with SIGKILL. Returns once the process is gone.</summary>
    public static async Task StopAsync(ProcessIdentity process, Signal first, TimeSpan grace, TimeProvider clock)
    {
        Send(process, first);
        if (await Wait.UntilAsync(() => !process.IsAlive, grace, clock))
            return;
        Send(process, Signal.Kill);
        if (!await Wait.UntilAsync(() => !process.IsAlive, TimeSpan.FromSeconds(5), clock))
            throw new FleetException("Process does not end", $"pid {process.Pid}", "it sits in the kernel; look at dmesg and the disk");
    }

    private const int NoSuchProcess = 3; // ESRCH

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
