using System.CommandLine;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet alerts watch</c>: the live alert stream in the terminal, one line per event.</summary>
public static class AlertsCommand
{
    public static Command Build()
    {
        var who = new Option<string>("--as") { Description = "Whose alerts", HelpName = "WHO", DefaultValueFactory = _ => "technician" };
        var (state, json) = (Options.State(), Options.Json());
        var watch = new Command("watch", "Alerts as they come, until Ctrl-C") { who, state, json };
        watch.SetAction(async (parsed, stop) =>
        {
            var directory = parsed.StateOf(state);
            using var api = await FleetApi.AsAsync(FleetState.Require(directory).Url, directory, parsed.GetRequiredValue(who), stop);
            await foreach (var item in api.EventsAsync("/api/v1/alerts/stream", stop))
                Console.WriteLine(parsed.GetValue(json) ? item.Data : AlertLine.Of(item.EventType, item.Data));
            throw new FleetException("The alert stream ended", "/api/v1/alerts/stream", "the services stopped; look at ./fleet status");
        });
        return new Command("alerts", "The operations desk in the terminal") { watch };
    }
}
