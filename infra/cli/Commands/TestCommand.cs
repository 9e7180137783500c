using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Cli.Testing;
using Fleet.Cli.Up;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet test [AREA]</c>: build, format check and tests; the last line is `N passed, N failed, N skipped`.</summary>
public static class TestCommand
{
    public static Command Build(TimeProvider clock)
    {
        var area = new Argument<string?>("AREA")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = $"{string.Join("; ", Area.Table.Select(area => $"{area.Name}: {area.Meaning}"))}; or a folder of tests/ (flows, faults, billing, …). All without"
        };
        var json = Options.Json();
        var command = new Command("test", "Build, format check and tests, all or one area (exit 1 when one fails)") { area, json };
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new CancellationTokenSource();
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
            void Cancel(PosixSignalContext signal)
            {
                signal.Cancel = true;
                stop.Cancel();
            }

            try
            {
                return await RunAsync(parsed.GetValue(area), parsed.GetValue(json), clock, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                throw new InterruptedException();
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(string? area, bool json, TimeProvider clock, CancellationToken stop)
    {
        var output = json ? Console.Error : Console.Out; // with --json, stdout is the JSON and nothing else
        var began = clock.GetTimestamp();
        var artifacts = Path.Combine(Programs.Repository, "artifacts", "test");
        var run = new TestRun(Programs.Repository, artifacts, step => output.WriteLine($"{clock.GetElapsedTime(began).TotalSeconds,6:0.0} s  {step}"), stop);
        var projects = TestProject.Find(Programs.Repository, area);
        string[] built = area is null ? [Path.Combine(Programs.Repository, "Fleet.sln")] : [.. projects.Select(project => project.File)];

        var byStep = new List<(string Step, Counts Counts)>();
        foreach (var what in built)
            if (await run.BuildAsync(what) is { } failure)
                byStep.Add(("build", failure));
        if (byStep.Count == 0)
        {
            foreach (var what in built)
                if (await run.FormatAsync(what) is { } failure)
                    byStep.Add(("format", failure));
            await TestAsync(run, projects, artifacts, byStep, output, clock, stop);
        }

        var total = byStep.Aggregate(Counts.None, (sum, step) => sum + step.Counts);
        foreach (var failed in total.Failures)
            output.WriteLine($"FAILED {failed.Name}\n       {failed.Message.ReplaceLineEndings("\n       ")}");
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                total.Passed,
                total.Failed,
                total.Skipped,
                total.Failures,
                steps = byStep.Select(step => new { step.Step, step.Counts.Passed, step.Counts.Failed, step.Counts.Skipped })
            }, JsonSerializerOptions.Web));
        output.WriteLine(total.Line);
        return total.Failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task TestAsync(
        TestRun run, IReadOnlyList<TestProject> projects, string artifacts, List<(string, Counts)> byStep, TextWriter output, TimeProvider clock, CancellationToken stop)
    {
        await using var servers = projects.Any(project => project.WantsServers) ? await SharedServers.StartAsync(artifacts, clock) : null;
        foreach (var project in projects)
        {
            stop.ThrowIfCancellationRequested();
            var counts = await run.TestAsync(project, servers?.Environment ?? new Dictionary<string, string>());
            output.WriteLine($"          {project.Name}: {counts.Line}");
            byStep.Add((project.Name, counts));
        }
    }
}
