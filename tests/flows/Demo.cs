using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Fleet.Flows.Tests;

/// <summary>A whole system as `./fleet up --detach` starts it, in a state directory and on ports of its own.</summary>
internal sealed class Demo : IAsyncDisposable
{
    // A first start builds the programs; on two busy cores that takes minutes.
    private static readonly TimeSpan FirstStart = TimeSpan.FromMinutes(6), Command = TimeSpan.FromMinutes(1);

    private Demo(string state, int port) => (State, Port) = (state, port);

    public string State { get; }
    public int Port { get; }
    public Uri Address => new($"http://127.0.0.1:{Port}");

    public static async Task<Demo> UpAsync(int printers, int port)
    {
        var demo = new Demo(Directory.CreateTempSubdirectory("fleet-demo-").FullName, port);
        var (exit, output, error) = await FleetCommand.RunAsync(
            FirstStart, "up", "--detach", "--printers", $"{printers}", "--port", $"{port}", "--state", demo.State);
        if (exit == 0)
            return demo;
        await demo.DisposeAsync();
        throw new InvalidOperationException($"./fleet up ended with {exit}\n{output}\n{error}");
    }

    /// <summary>`up` again on the same state, in the foreground.</summary>
    public RunningCommand StartUp(int printers) => FleetCommand.Start("up", "--printers", $"{printers}", "--port", $"{Port}", "--state", State);

    public async Task<HttpClient> AsAsync(string who)
    {
        var token = await FleetCommand.OutputAsync(Command, "token", "--as", who, "--state", State);
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task DownAsync() => await FleetCommand.OutputAsync(Command, "down", "--state", State);

    /// <summary>Command lines of processes that name this state directory.</summary>
    public IReadOnlyList<string> Processes() =>
    [
        .. Directory.GetDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)).Select(CommandLine)
            .Where(line => line.Contains(State, StringComparison.Ordinal)),
    ];

    public async ValueTask DisposeAsync()
    {
        await FleetCommand.RunAsync(Command, "down", "--state", State);
        Directory.Delete(State, recursive: true);
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it ended while we looked
        }
    }
}

internal static class Json
{
    public static async Task<JsonNode> JsonAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.IsSuccessStatusCode, Is.True, $"GET {path}: {(int)answer.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>All items of a paged list.</summary>
    public static async Task<IReadOnlyList<JsonNode>> AllAsync(this HttpClient client, string path)
    {
        var items = new List<JsonNode>();
        for (string? cursor = ""; cursor is not null;)
        {
            Assert.That(items, Has.Count.LessThan(10_000), $"GET {path} never ends");
            var page = await client.JsonAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=10{cursor}");
            items.AddRange(page["items"]!.AsArray().Select(i => i!));
            cursor = page["next"] is { } next ? $"&cursor={Uri.EscapeDataString(next.GetValue<string>())}" : null;
        }
        return items;
    }
}
