using Fleet.Alerting.Alerts;
using Fleet.Contracts.Telemetry.V1;

namespace Fleet.Alerting.Tests;

/// <summary>What devices say, and what followed, in few words.</summary>
internal static class Say
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly Condition BlackToner = new("acme", "d1", "supply-1.1");

    public static DateTimeOffset Minute(int minute) => Noon.AddMinutes(minute);

    public static SupplyLevelChanged Toner(int minute, decimal? percent, string state = "measured", string supplyClass = "consumed", string device = "d1", string tenant = "acme") =>
        new(tenant, device, "1.1", "Black toner", "toner", supplyClass, "black", state, (long?)percent, percent is null ? null : 100, percent, Minute(minute));

    public static SupplyLevelChanged WasteBox(int minute, decimal? room) => Toner(minute, room, supplyClass: "receptacle") with { Description = "Waste box", Type = "wasteToner" };

    public static DeviceStatusChanged Status(int minute, params string[] errors) => new("acme", "d1", "running", "idle", errors, Minute(minute));

    public static DeviceStatusChanged Unreachable(int minute) => new("acme", "d1", "unreachable", "unknown", [], Minute(minute));

    public static Alert After(params AlertEvent[] history) => history.Aggregate(Alert.Quiet, Alert.Evolve);

    /// <summary>All levels in the order they arrive, and every event that followed.</summary>
    public static IReadOnlyList<AlertEvent> Hear(params SupplyLevelChanged[] levels) => Hear([], levels);

    public static IReadOnlyList<AlertEvent> Hear(IEnumerable<AlertEvent> history, params SupplyLevelChanged[] levels)
    {
        var (alert, all) = (history.Aggregate(Alert.Quiet, Alert.Evolve), new List<AlertEvent>());
        foreach (var level in levels)
        {
            var events = Weigh.Decide(WatchSupply.Evidence(level), WatchSupply.Condition(level), level.At, alert);
            all.AddRange(events);
            alert = events.Aggregate(alert, Alert.Evolve);
        }
        return all;
    }

    /// <summary>What somebody is told of: all but the device's unremarkable words.</summary>
    public static IEnumerable<string> Told(IEnumerable<AlertEvent> events) => events.Where(e => e is not AlertEvent.Observed).Select(e => e switch
    {
        AlertEvent.Raised raised => $"raised {raised.Episode} {raised.Severity}",
        AlertEvent.Worsened worse => $"worsened {worse.Severity}",
        AlertEvent.Resolved { By: null } => "resolved by device",
        AlertEvent.Resolved resolved => $"resolved by {resolved.By}",
        _ => e.GetType().Name,
    });
}
