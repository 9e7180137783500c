using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Demo;

/// <summary>
/// The demo's agents are let in as a customer's would be: each shows its code and its fingerprint, its tenant's administrator approves them. What is enrolled stays so over starts.
/// </summary>
public static class EnrolAgents
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <param name="program">Path of fleet-agent.dll.</param>
    public static async Task RunAsync(IReadOnlyList<DemoAgent> agents, string program, StateDirectory directory, string url, Action<string> say, CancellationToken stop)
    {
        var strangers = agents.Where(agent => !agent.IsEnrolled).ToList();
        if (strangers.Count == 0)
            return;
        say($"demo: enrolling {string.Join(" and ", strangers.Select(agent => agent.Client.ClientId))}");
        await Task.WhenAll(strangers.Select(agent => EnrolAsync(agent, program, directory, url, stop)));
    }

    private static async Task EnrolAsync(DemoAgent agent, string program, StateDirectory directory, string url, CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet", [program, "enrol", "--json", "--config", agent.ConfigFile]) { RedirectStandardOutput = true, WorkingDirectory = directory.Root };
        start.Environment[Launch.Mark] = directory.Root;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        using var process = Process.Start(start)!;
        await using var onStop = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var said = "";
        try
        {
            said = await process.StandardOutput.ReadLineAsync(limit.Token) ?? "";
            var code = JsonNode.Parse(said)!;
            using var admin = await FleetApi.AsAsync(url, directory, $"{agent.Client.Tenant}-admin", limit.Token);
            var approved = await Enrolments.ApproveAsync(admin, code["userCode"]!.GetValue<string>(), agent.Client.Tenant!, agent.Client.Site!, code["keyId"]!.GetValue<string>(), limit.Token);
            said = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
                throw new FleetException($"{agent.Client.ClientId} was not enrolled (exit {process.ExitCode})", approved.ToJsonString(), said);
        }
        catch (Exception e) when (e is JsonException or ArgumentException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new FleetException($"{agent.Client.ClientId} was not enrolled", $"within {Limit.TotalSeconds:0} s", said);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
