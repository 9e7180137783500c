using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Fleet.Benchmarks.Snmp;

/// <summary>Virtual printers in a process of their own, so that what they cost is not counted as the reader's.</summary>
internal sealed class VirtualPrinters : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Exit = TimeSpan.FromSeconds(10);

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
        try
        {
            return new(process, port, await AddressesAsync(process, manifest, clock));
        }
        catch
        {
            process.Kill();
            throw;
        }
        finally
        {
            File.Delete(manifest);
        }
    }

    // The manifest is one JSON array, written once all answer: it can be read when it is whole.
    private static async Task<IReadOnlyList<string>> AddressesAsync(Process simulator, string manifest, TimeProvider clock)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (simulator.HasExited) throw new InvalidOperationException($"fleet-simulator ended with {simulator.ExitCode}");
            if (await ReadAsync(manifest) is { } addresses) return addresses;
            if (clock.GetElapsedTime(began) > Patience) throw new TimeoutException($"Waited {Patience} for fleet-simulator's manifest");
            await Task.Delay(TimeSpan.FromMilliseconds(100), clock);
        }
    }

    private static async Task<IReadOnlyList<string>?> ReadAsync(string manifest)
    {
        if (!File.Exists(manifest)) return null;
        try
        {
            using var written = JsonDocument.Parse(await File.ReadAllTextAsync(manifest));
            return [.. written.RootElement.EnumerateArray().Select(printer => printer.GetProperty("address").GetString()!)];
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null; // it is being written
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Exit);
        process.Dispose();
    }
}
