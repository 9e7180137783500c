using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Microsoft.Data.Sqlite;

namespace Fleet.Benchmarks.Snmp;

/// <summary>The agent as it is installed, at ten thousand devices: its resident memory once each has been read, while it reads them again and again.</summary>
internal static class AgentMemory
{
    private const int Printers = 10_000, Samples = 20, Port = 18613;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<Figure>> RunAsync(TimeProvider clock, Action<string> says)
    {
        if (!File.Exists("/proc/self/status")) return [];       // Linux only
        says($"agent at {Printers} devices");
        var directory = Directory.CreateTempSubdirectory("fleet-bench-agent-").FullName;
        await using var printers = await VirtualPrinters.StartAsync(Printers, Port, clock);
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
        using var agent = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet-agent.dll"), "run", "--config", file]) { RedirectStandardOutput = true })!;
        var lines = agent.StandardOutput.ReadToEndAsync();
        try
        {
            await ReadAllAsync(Path.Combine(directory, "agent.db"), agent, clock);
            var (resident, own) = (new List<double>(), new List<double>());
            for (var n = 0; n < Samples; n++)
            {
                resident.Add(Mebibytes(agent, "VmRSS"));
                own.Add(Mebibytes(agent, "RssAnon") + Mebibytes(agent, "RssShmem"));
                await Task.Delay(Between, clock);
            }
            return
            [
                Figure.Of("agent at 10,000 devices, resident", "MiB", resident, goal: 80, lessIsBetter: true),
                Figure.Of("the same without the runtime's files, which others share", "MiB", own),
                Figure.Of("the same, the most since it began", "MiB", [Mebibytes(agent, "VmHWM")])
            ];
        }
        finally
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            _ = await lines;
            Directory.Delete(directory, recursive: true);
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
