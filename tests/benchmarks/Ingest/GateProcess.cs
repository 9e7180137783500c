using System.Diagnostics;
using System.Globalization;
using System.Net;
using Fleet.Cli.Local;
using Fleet.Cli.Up;
using Fleet.Testing;

namespace Fleet.Benchmarks.Ingest;

/// <summary>telemetry as it is deployed: a process of its own.</summary>
internal sealed class GateProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private GateProcess(Process process) => _process = process;

    /// <summary>Resident, in MiB.</summary>
    public double Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<GateProcess> StartAsync(TestPlace place, string issuer, TimeProvider clock)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}");
        (string Key, string Value)[] settings = [("FLEET_HTTP_URL", url), ("FLEET_ISSUER", issuer), .. place.Settings];
        var program = Path.Combine(Programs.Repository, "services", "telemetry", "bin", "Release", "net10.0", "Fleet.Telemetry.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        start.Environment["DOTNET_gcServer"] = "0"; // one process beside its database and broker, as ./fleet up has it
        var gate = new GateProcess(Process.Start(start)!);
        var said = new List<string>();
        gate._process.OutputDataReceived += (_, line) => said.Add(line.Data ?? "");
        gate._process.ErrorDataReceived += (_, line) => said.Add(line.Data ?? "");
        gate._process.BeginOutputReadLine();
        gate._process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (var began = clock.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(200), clock))
        {
            if (gate._process.HasExited || clock.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException($"telemetry did not start: {string.Join('\n', said.TakeLast(20))}");
            try
            {
                using var answer = await http.GetAsync($"{url}/readyz");
                if (answer.StatusCode == HttpStatusCode.OK)
                    return gate;
            }
            catch (HttpRequestException)
            {
                // it does not listen yet
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var term = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]);
            await term.WaitForExitAsync();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        _process.Dispose();
    }
}
