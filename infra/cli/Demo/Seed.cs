using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Demo;

public sealed record SeedRequest(UpRequest Up, Programs Programs, PortPlan Ports, IReadOnlyList<DemoAgent> Agents, QueueCounts Broker);

/// <summary>What a first `./fleet up` fills the demo with: its <see cref="Story"/>, the printers' readings since last month, and that month closed.</summary>
public static class Seed
{
    private static readonly TimeSpan BackfillLimit = TimeSpan.FromMinutes(10), ArrivalLimit = TimeSpan.FromSeconds(120);

    /// <returns>One line for people.</returns>
    public static async Task<string> RunAsync(SeedRequest request, Action<string> say, TimeProvider clock, CancellationToken stop)
    {
        var (directory, url) = (request.Up.Directory, request.Ports.Url);
        if (File.Exists(directory.Seeded))
        {
            await DemoPeople.InviteAsync(directory, url, say, stop);
            await EnrolAgents.RunAsync(request.Agents, request.Programs.Agent, directory, url, say, stop);
            return "Demo data is there from an earlier start";
        }
        var month = Story.LastMonth(clock.GetUtcNow());

        await Story.TellAsync(directory, url, month.Start, say, clock, stop);
        await EnrolAgents.RunAsync(request.Agents, request.Programs.Agent, directory, url, say, stop);
        foreach (var agent in request.Agents)
            await BackfillAsync(agent, request, month.Start, clock.GetUtcNow(), say, stop);
        say("demo: waiting until every reading has arrived");
        await ArrivedAsync(request, clock, stop);
        await Quiet.WaitAsync(url, request.Broker, clock, stop);

        say($"demo: closing {month.Period}");
        using var billing = await FleetApi.AsAsync(url, directory, "billing", stop);
        var run = await billing.PostAsync("/api/v1/billing/runs", new { period = month.Period }, $"demo-close-{month.Period}", stop);
        PrivateFile.Write(directory.Seeded, new JsonObject { ["period"] = month.Period, ["run"] = run }.ToJsonString() + "\n");
        return $"Demo data: two tenants, readings since {month.Start:yyyy-MM-dd}, {month.Period} closed";
    }

    private static async Task BackfillAsync(DemoAgent agent, SeedRequest request, DateTimeOffset from, DateTimeOffset to, Action<string> say, CancellationToken stop)
    {
        var done = Path.Combine(request.Up.Directory.Agent(agent.Client.ClientId), "backfilled");
        if (File.Exists(done))
            return;
        say($"demo: {agent.Client.ClientId} reads {agent.Targets} printers since {from:yyyy-MM-dd}");
        var log = Path.Combine(request.Up.Directory.Logs, $"backfill-{agent.Client.ClientId}.log");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(BackfillLimit);
        var (code, output) = await Shell.RunAsync(
        [
            "dotnet", request.Programs.Backfill, "--config", agent.ConfigFile, "--simulator", request.Up.Directory.Manifest,
            "--from", Text(from), "--to", Text(to), "--every", "1d"
        ], new Dictionary<string, string> { [Launch.Mark] = request.Up.Directory.Root }, stop: limit.Token);
        await File.WriteAllTextAsync(log, output, stop);
        if (code != 0)
            throw new FleetException($"Backfill of {agent.Client.ClientId} failed (exit {code})", log, Launch.LastLine(log));
        PrivateFile.Write(done, $"{Text(from)} {Text(to)}\n"); // the agent has said all of it; saying it twice would only be sorted out as known
    }

    private static async Task ArrivedAsync(SeedRequest request, TimeProvider clock, CancellationToken stop)
    {
        using var dealer = await FleetApi.AsAsync(request.Ports.Url, request.Up.Directory, "provider-admin", stop);
        var expected = request.Agents.Sum(agent => agent.Targets);
        var seen = 0;
        var arrived = await Wait.UntilAsync(async () =>
        {
            seen = 0;
            foreach (var agent in request.Agents)
                seen += await CountDevicesAsync(dealer, agent.Client.Tenant!, stop);
            return seen >= expected;
        }, ArrivalLimit, clock, stop);
        if (!arrived)
            throw new FleetException("Readings did not arrive", $"{seen} of {expected} devices after {ArrivalLimit.TotalSeconds:0} s", "look at ./fleet logs host");
    }

    private static async Task<int> CountDevicesAsync(FleetApi dealer, string tenant, CancellationToken stop)
    {
        var (count, cursor) = (0, "");
        do
        {
            var page = await dealer.GetAsync($"/api/v1/tenants/{tenant}/devices{cursor}", stop);
            count += page["items"]!.AsArray().Count;
            cursor = page["next"]?.GetValue<string>() is { } next ? $"?cursor={Uri.EscapeDataString(next)}" : null;
        }
        while (cursor is not null);
        return count;
    }

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
