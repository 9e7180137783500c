using System.Diagnostics;

namespace Fleet.Benchmarks.Snmp;

/// <summary>What an administrator writes: a program for each address, sixteen at a time.</summary>
internal static class ShellLoop
{
    private const int Jobs = 16;

    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <returns>Seconds.</returns>
    /// <param name="command">A shell command; <c>$1</c> is the address.</param>
    public static async Task<double> RunAsync(string command, IEnumerable<string> addresses, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        using var xargs = Process.Start(new ProcessStartInfo("xargs", ["-P", $"{Jobs}", "-n", "1", "sh", "-c", $"{command} >/dev/null 2>&1 || true", "loop"]) { RedirectStandardInput = true })!;
        foreach (var address in addresses) await xargs.StandardInput.WriteLineAsync(address);
        xargs.StandardInput.Close();
        await xargs.WaitForExitAsync();
        return clock.GetElapsedTime(began).TotalSeconds;
    }
}
