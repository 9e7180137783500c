using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Testing;

namespace Fleet.Integration.Tests;

/// <summary>
/// The real <c>@grpc/grpc-js</c>, installed by <c>npm ci</c> into a folder of its own. Without Node.js the tests are ignored, on a build server they fail.
/// </summary>
internal sealed class GrpcJs : IDisposable
{
    private static readonly string Beside = TestContext.CurrentContext.TestDirectory;
    private readonly DirectoryInfo _folder;

    private GrpcJs(DirectoryInfo folder) => _folder = folder;

    public static async Task<GrpcJs> InstallAsync()
    {
        foreach (var tool in new[] { "node", "npm" })
            if (!OnPath(tool))
                Missing($"{tool} is not installed");

        var folder = Directory.CreateTempSubdirectory("fleet-grpc-js-");
        foreach (var file in Directory.GetFiles(Path.Combine(Beside, "grpc-js")))
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        using var npm = Start(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = npm.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await npm.WaitForExitAsync(patience.Token);
        if (npm.ExitCode != 0)
            Missing($"npm ci failed: {await output}{await errors}");
        return new(folder);
    }

    /// <summary>A running subscriber; see subscribe.mjs for what can be asked.</summary>
    public Subscriber Subscribe(string address, object ask)
    {
        var arguments = JsonSerializer.SerializeToNode(ask)!.AsObject();
        (arguments["address"], arguments["protos"]) = (address, Path.Combine(Beside, "protos"));
        return new(Start(_folder, "node", "subscribe.mjs", arguments.ToJsonString()));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool OnPath(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static void Missing(string why)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(why);
        Assert.Ignore(why);
    }

    private static Process Start(DirectoryInfo folder, string tool, params string[] arguments) => Process.Start(new ProcessStartInfo(tool, arguments)
    {
        WorkingDirectory = folder.FullName,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}

/// <summary>One <c>node subscribe.mjs</c> and the lines it printed.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly Process _node;
    private readonly List<JsonObject> _lines = [];

    public Subscriber(Process node)
    {
        _node = node;
        _node.OutputDataReceived += (_, line) => Add(line.Data);
        _node.BeginOutputReadLine();
    }

    /// <summary>The server's headers have come: the call stands.</summary>
    public Task OpenAsync() => Eventually.IsTrueAsync("the subscription to stand", () => Task.FromResult(Lines("open").Count > 0));

    public Task<IReadOnlyList<JsonNode>> EventsAsync(int count) =>
        Eventually.IsAsync($"{count} events over gRPC", () => Task.FromResult(Lines("event")), events => events.Count >= count);

    /// <summary>How the call ended: the code by its number.</summary>
    public async Task<(int Code, string Details)> StatusAsync()
    {
        var status = (await Eventually.IsAsync("the call's status", () => Task.FromResult(Lines("status")), lines => lines.Count > 0))[0];
        return (status["code"]!.GetValue<int>(), status["details"]!.GetValue<string>());
    }

    public IReadOnlyList<JsonNode> Events => Lines("event");

    public void Dispose()
    {
        if (!_node.HasExited)
            _node.Kill();
        _node.Dispose();
    }

    private IReadOnlyList<JsonNode> Lines(string kind)
    {
        lock (_lines)
            return [.. _lines.Select(line => line[kind]).OfType<JsonNode>()];
    }

    private void Add(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
            _lines.Add(JsonNode.Parse(line)!.AsObject());
    }
}
