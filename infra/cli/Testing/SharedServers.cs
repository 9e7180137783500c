using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Testing;

/// <summary>One PostgreSQL and one RabbitMQ for a whole run, handed to test projects by environment.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _running = [];
    private readonly string _directory;

    private SharedServers(string directory) => _directory = directory;

    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    public static async Task<SharedServers> StartAsync(string artifacts, TimeProvider clock)
    {
        await ClearAsync(artifacts, clock);
        var servers = new SharedServers(Path.Combine(artifacts, $"servers-{System.Environment.ProcessId}"));
        PrivateFile.CreateDirectory(servers._directory);
        File.SetUnixFileMode(servers._directory, PrivateFile.DirectoryMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            var broker = TestRabbitMq.StartAsync(servers._directory, clock);
            var postgres = await LocalPostgres.StartAsync(Path.Combine(servers._directory, "postgres"), 0, clock);
            servers._running.Add(postgres);
            var (rabbit, door) = await broker;
            servers._running.Add(rabbit);
            servers.Environment = new Dictionary<string, string>
            {
                [TestPostgres.Variable] = postgres.ConnectionString,
                [TestRabbitMq.Variable] = JsonSerializer.Serialize(door, JsonSerializerOptions.Web)
            };
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _running)
            await server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Ends what a killed run left: its directory names the process it belonged to.</summary>
    private static async Task ClearAsync(string artifacts, TimeProvider clock)
    {
        Directory.CreateDirectory(artifacts);
        foreach (var old in Directory.GetDirectories(artifacts, "servers-*"))
            if (int.TryParse(old[(old.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture, out var pid) && ProcessIdentity.Of(pid) is null)
            {
                await Stop.AllAsync(new(old), null, clock);
                Directory.Delete(old, recursive: true);
            }
    }
}
