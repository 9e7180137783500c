using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Fleet.Benchmarks.Snmp;

/// <summary>Virtual printers in a process of their own, so that what they cost is not counted as the reader's.</summary>
internal sealed class VirtualPrinters : IAsyncDisposable
{
    private readonly Process process;

    private VirtualPrinters(Process process, int port, IReadOnlyList<string> addresses) => (this.process, Port, Addresses) = (process, port, addresses);

    public int Port { get; }

    public IReadOnlyList<string> Addresses { get; }

    /// <summary>The /16 they all stand in.</summary>
    public string Range => string.Join('.', Addresses[0].Split('.')[..2]) + ".0.0/16";

    public static async Task<VirtualPrinters> StartAsync(int count, int port, TimeProvider clock)
    {
        var manifest = Path.GetTempFileName();
        File.Delete(manifest);
        string[] words = ["run", "--printers", count.ToString(CultureInfo.InvariantCulture), "--port", port.ToString(CultureInfo.InvariantCulture), "--tenant-split", "acme:1", "--manifest", manifest];
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet-simulator.dll"), .. words]) { RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), clock);
        while (!File.Exists(manifest) || new FileInfo(manifest).Length == 0)
        {
            if (process.HasExited) throw new InvalidOperationException($"fleet-simulator ended with {process.ExitCode}");
            await Task.Delay(100, patience.Token);
        }
        await Task.Delay(500, patience.Token);      // the file is written in one go, but not in no time
        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(manifest, patience.Token));
        File.Delete(manifest);
        return new(process, port, [.. written.RootElement.EnumerateArray().Select(printer => printer.GetProperty("address").GetString()!)]);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
