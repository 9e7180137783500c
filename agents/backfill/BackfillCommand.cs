using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Commands;
using Fleet.Agent.Configuration;
using Fleet.Simulator.Commands;
using Fleet.Simulator.Serving;

namespace Fleet.Backfill;

/// <summary><c>fleet-backfill</c>: history for a demo, from virtual printers only.</summary>
internal static class BackfillCommand
{
    public static RootCommand Build(Surroundings around)
    {
        var config = Options.Config();
        var manifest = new Option<string>("--simulator") { Description = "Manifest file of the running simulator", Required = true };
        var seed = new Option<long?>("--seed") { Description = "Its seed; the manifest's own when left out" };
        var from = new Option<DateTimeOffset>("--from") { Description = "First visit, UTC unless it names an offset", Required = true, CustomParser = Moment.Parse };
        var to = new Option<DateTimeOffset>("--to") { Description = "Last visit at the latest", Required = true, CustomParser = Moment.Parse };
        var every = new Option<TimeSpan>("--every") { Description = "Step: 6h, 1d …", DefaultValueFactory = _ => TimeSpan.FromDays(1), CustomParser = Every };
        var command = new RootCommand("Live through a past span with the simulator's printers and report it; a live agent goes on from there")
        {
            config, manifest, seed, from, to, every
        };
        command.SetAction((parsed, stop) => RunCommand.GuardAsync(around, async () =>
        {
            var settings = ReadConfig.From(parsed.GetValue(config)!);
            using var spool = AgentRun.OpenSpool(settings, around);
            var past = new Past(parsed.GetValue(seed), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(every));
            var made = await LivePast.RunAsync(settings, spool, ReadManifest(parsed.GetValue(manifest)!), past, around, stop);
            var kept = spool.Tally.Kept;
            around.Log.Info(string.Create(CultureInfo.InvariantCulture, $"{made} events of the past, {kept} not sent yet; next batch is {spool.Chain.Sequence + 1}"));
            return kept == 0 ? ExitCodes.Ok : ExitCodes.NotSent;
        }));
        return command;
    }

    private static IReadOnlyList<ManifestEntry> ReadManifest(string file)
    {
        try
        {
            return Manifest.Read(file);
        }
        catch (Exception wrong) when (wrong is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new ConfigException($"--simulator: {file}: {wrong.Message}");
        }
    }

    private static TimeSpan Every(ArgumentResult argument)
    {
        if (argument.Tokens is [{ Value: var text }] && DurationJson.TryParse(text, out var every)) return every;
        argument.AddError("--every is no duration such as 6h or 1d");
        return default;
    }
}
