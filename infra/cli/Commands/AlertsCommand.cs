using System.CommandLine;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet alerts watch</c>: the live alert stream in the terminal, one line per event.</summary>
public static class AlertsCommand
{
    public static Command Build(TimeProvider clock)
    {
        var who = new Option<string>("--as") { Description = "Whose alerts", HelpName = "WHO", DefaultValueFactory = _ => "technician" };
        var after = new Option<string?>("--after") { Description = "Begin behind this event; 0 tells the whole history first", HelpName = "ID" };
        var (state, json) = (Options.State(), Options.Json());
        var watch = new Command("watch", "Alerts as they come, until Ctrl-C") { who, after, state, json };
        watch.SetAction((parsed, stop) => WatchAsync(
            parsed.StateOf(state), parsed.GetRequiredValue(who), parsed.GetValue(after),
            parsed.GetValue(json) ? AlertLine.Data : AlertLine.Text, clock, stop));
        return new Command("alerts", "The operations desk in the terminal") { watch };
    }

    // The server ends a stream with the life of its token, and when it restarts: go on behind the last event, with a fresh token.
    private static async Task<int> WatchAsync(StateDirectory directory, string who, string? last, AlertOutput show, TimeProvider clock, CancellationToken stop)
    {
        for (var first = last is null; ; first = false)
        {
            var url = FleetState.Require(directory).Url;
            try
            {
                using var api = await FleetApi.AsAsync(url, directory, who, stop);
                var events = await api.EventsAsync("/api/v1/alerts/stream", last, stop);
                // Listed once the stream is open: an alert raised in between is seen twice rather than never.
                if (first)
                    show.Open(await api.GetAsync("/api/v1/alerts?state=open&limit=20", stop));
                await foreach (var item in events)
                {
                    last = item.EventId ?? last;
                    show.Event(item.EventType, item.Data);
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException)
            {
                // cut off in the middle; the wait below says whether the services come back
            }

            await Task.Delay(Pause, clock, stop);
            if (!await Wait.UntilAsync(() => FleetApi.IsReadyAsync(url, stop), Patience, clock, stop))
                throw new FleetException("The alert stream ended", url, "the services stopped; look at ./fleet status");
        }
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromSeconds(2);
}
