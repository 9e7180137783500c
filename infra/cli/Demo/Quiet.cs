using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;

namespace Fleet.Cli.Demo;

/// <summary>Where the broker's queues can be counted: the management API and a login that may read it.</summary>
public sealed record QueueCounts(Uri Management, string Login);

/// <summary>
/// Whether every reading handed in has come to billing: no message waits or is being worked on in a queue on that way, and no reader of an event
/// store on it lags. A batch is always in one of the two, so looking a few times in a row tells a pause from the end. A month is closed only then,
/// because what a close has billed stays billed. What alerting and integration still have before them does not matter for it.
/// </summary>
public static class Quiet
{
    private static readonly string[] Way = ["telemetry", "billing"];

    private const int Looks = 4;

    // The broker counts once a second (collect_statistics_interval), so looks closer together would see one count twice.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(1100), Limit = TimeSpan.FromMinutes(5);

    public static async Task WaitAsync(string url, QueueCounts broker, TimeProvider clock, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        var (began, quiet, last) = (clock.GetTimestamp(), 0, "");
        while (quiet < Looks)
        {
            if (clock.GetElapsedTime(began) > Limit)
                throw new FleetException("Readings are still being digested", last, $"gave up after {Limit.TotalMinutes:0} min; look at ./fleet logs host");
            await Task.Delay(Between, clock, stop);
            try
            {
                var (messages, lag) = (await MessagesAsync(http, broker, stop), Lag(await http.GetStringAsync(new Uri($"{url}/metrics"), stop)));
                last = string.Create(CultureInfo.InvariantCulture, $"{messages} messages in queues, readers {lag} events behind");
                quiet = messages == 0 && lag == 0 ? quiet + 1 : 0;
            }
            catch (HttpRequestException cause)
            {
                throw FleetException.From("Cannot see whether the readings are digested", url, cause);
            }
        }
    }

    /// <summary>Sum over the lag gauges of the stores on the way, in a Prometheus text: <c>fleet_eventstore_lag{shard="…",store="telemetry"} 3</c>.</summary>
    public static double Lag(string metrics) => metrics.Split('\n')
        .Where(line => line.StartsWith("fleet_eventstore_lag{", StringComparison.Ordinal)
            && Way.Any(service => line.Contains($"store=\"{service}\"", StringComparison.Ordinal)))
        .Sum(line => double.TryParse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out var value) ? value : 0);

    private static async Task<long> MessagesAsync(HttpClient http, QueueCounts broker, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(broker.Management, "/api/queues?columns=name,messages"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(broker.Login)));
        using var answer = await http.SendAsync(request, stop);
        answer.EnsureSuccessStatusCode();
        var queues = JsonNode.Parse(await answer.Content.ReadAsStringAsync(stop))!.AsArray();
        return queues.Where(queue => IsOnTheWay(queue!["name"]!.GetValue<string>()))
            .Sum(queue => queue!["messages"]?.GetValue<long>() ?? 1); // a queue too young to be counted is not known to be empty
    }

    // Dead letters stay where they are.
    private static bool IsOnTheWay(string queue) =>
        Way.Any(service => queue.StartsWith(service + "-", StringComparison.Ordinal)) && !queue.EndsWith("_error", StringComparison.Ordinal);
}
