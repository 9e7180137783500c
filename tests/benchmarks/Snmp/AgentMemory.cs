using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Cli.Packing;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Microsoft.Data.Sqlite;

namespace Fleet.Benchmarks.Snmp;

/// <summary>
/// The agent as it is installed (the file `./fleet agent pack` makes), at ten thousand devices: its resident memory once each has been read, while it reads them again and again. Beside it the
/// same agent as a build leaves it, on the .NET of this machine.
/// </summary>
internal static class AgentMemory
{
    private const int Printers = 10_000, Samples = 20, Port = 18613;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(TimeProvider clock, Action<string> says)
    {
        if (!File.Exists("/proc/self/status")) return [];       // Linux only
        await using var printers = await VirtualPrinters.StartAsync(Printers, Port, clock);
        var work = Directory.CreateTempSubdirectory("fleet-bench-agent-").FullName;
        try
        {
            says("packing the agent");
            return
            [
                .. await OfAsync("agent at 10,000 devices", [await InstalledAsync(work)], goal: 80),
                .. await OfAsync("the same untrimmed, by dotnet", ["dotnet", Path.Combine(AppContext.BaseDirectory, "fleet-agent.dll")], goal: null)
            ];
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        async Task<IReadOnlyList<Figure>> OfAsync(string name, string[] program, double? goal)
        {
            says(name);
            return await MeasureAsync(name, program, printers, Directory.CreateDirectory(Path.Combine(work, $"state-{program.Length}")).FullName, goal, clock);
        }
    }

    private static async Task<string> InstalledAsync(string work)
    {
        var package = await PackAgent.RunAsync(PackAgent.Linux, Path.Combine(work, "package"), CancellationToken.None);
        var (code, said) = await Shell.RunAsync(["tar", "xzf", package.File, "-C", work]);
        return code == 0 ? Directory.GetFiles(work, "fleet-agent", SearchOption.AllDirectories).Single() : throw new InvalidOperationException(said);
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(string name, string[] program, VirtualPrinters printers, string directory, double? goal, TimeProvider clock)
    {
        await File.WriteAllTextAsync(Path.Combine(directory, "secret"), "nobody asks for it");
        await File.WriteAllTextAsync(Path.Combine(directory, "grant.json"), Grant(clock));
        var file = Path.Combine(directory, "agent.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            tenant = "acme",
            site = "hq",
            agentId = "acme-hq",
            clientId = "acme-hq",
            tokenUrl = "http://127.0.0.1:9/oauth/token",
            secretFile = Path.Combine(directory, "secret"),
            stateDir = directory,
            broker = new { host = "localhost" },
            page = new { port = Port + 1 },
            targets = printers.Addresses.Select(address => new { address, port = printers.Port }),
        }));
        using var agent = Process.Start(new ProcessStartInfo(program[0], [.. program[1..], "run", "--config", file]) { RedirectStandardOutput = true })!;
        var lines = agent.StandardOutput.ReadToEndAsync();
        try
        {
            await ReadAllAsync(Path.Combine(directory, "agent.db"), agent, clock);
            var (resident, own, files) = (new List<double>(), new List<double>(), new List<double>());
            for (var n = 0; n < Samples; n++)
            {
                resident.Add(Mebibytes(agent, "VmRSS"));
                own.Add(Mebibytes(agent, "RssAnon") + Mebibytes(agent, "RssShmem"));
                files.Add(Mebibytes(agent, "RssFile"));
                await Task.Delay(Between, clock);
            }
            return
            [
                Figure.Of($"{name}, resident", "MiB", resident, goal, lessIsBetter: true),
                Figure.Of($"{name}: its own (heaps, compiled code, stacks)", "MiB", own),
                Figure.Of($"{name}: of files (program, runtime, database)", "MiB", files),
                Figure.Of($"{name}: the most since it began", "MiB", [Mebibytes(agent, "VmHWM")])
            ];
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            _ = await lines;
        }
    }

    private static async Task ReadAllAsync(string database, Process agent, TimeProvider clock)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(6), clock);
        while (Devices(database) < Printers)
        {
            if (agent.HasExited) throw new InvalidOperationException($"the agent ended with {agent.ExitCode}");
            await Task.Delay(Between, clock, patience.Token);
        }
    }

    // From outside, beside the agent that holds it.
    private static long Devices(string database)
    {
        if (!File.Exists(database)) return 0;
        try
        {
            using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM device";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            return 0;       // it is just making its tables
        }
    }

    private static double Mebibytes(Process process, string what) => double.Parse(
        File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(what + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    // Signed by nobody but this benchmark: an agent takes a grant it kept for what it was when it was checked, with the keys kept beside it.
    private static string Grant(TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var text = $"{Encode($$"""{"alg":"ES256","typ":"{{EdgeGrant.Type}}","kid":"k"}""")}.{Encode(JsonSerializer.Serialize(new EdgeGrant("1-x", "https://fleet.example", "acme-hq", "acme", "hq", ["billing"], ConsentWords.FieldGroups, now, now + 86_400)))}";
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var keys = $$"""{"keys":[{"kty":"EC","use":"sig","alg":"ES256","crv":"P-256","kid":"k","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}]}""";
        return JsonSerializer.Serialize(new { Grant = $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}", Keys = keys });
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
