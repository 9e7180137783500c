// telemetry.SupplyLevelChanged -> Evidence -> Weigh -> stream alert/{device}/supply-{slot} -> Alerts -> GET /api/v1/alerts
using System.Globalization;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;

namespace Fleet.Alerting.Alerts;

public static class WatchSupply
{
    // Gauges wander by a few percent. The gap between the two lines keeps one cartridge from ringing twice.
    private const decimal RaiseAt = 10, ClearAbove = 25;

    public static Condition Condition(SupplyLevelChanged level) => new(level.TenantId, level.DeviceId, $"supply-{level.Slot}");

    /// <summary>
    /// RFC 3805 prtMarkerSuppliesLevel: what is left of a consumed supply, and the room that is left in a receptacle. So little is bad for both.
    /// </summary>
    public static Evidence? Evidence(SupplyLevelChanged level) => (level.State, level.Class, level.Percent) switch
    {
        (not "measured", _, _) or (_, _, null) => null,         // "unknown" and "some remaining" are not evidence
        (_, not ("consumed" or "receptacle"), _) => null,
        (_, _, <= 0) => new Evidence.Holds(Severity.Critical, level.Class == "receptacle" ? $"{Name(level)} is full" : $"{Name(level)} is empty"),
        (_, _, <= RaiseAt) => new Evidence.Holds(Severity.Warning, level.Class == "receptacle"
            ? $"{Name(level)} is almost full: {Percent(level)} % room left"
            : $"{Name(level)} is low: {Percent(level)} % left"),
        (_, _, > ClearAbove) => new Evidence.Over(),
        _ => new Evidence.Undecided(),
    };

    private static string Name(SupplyLevelChanged level) =>
        level.Description.Length > 0 ? level.Description : $"{level.Type} in slot {level.Slot}";

    private static string Percent(SupplyLevelChanged level) => level.Percent!.Value.ToString("0.#", CultureInfo.InvariantCulture);
}

public static class WatchSupplyConsumer
{
    // One at a time: a device's levels come in a row and go to one stream; side by side they would only run into each other and wait.
    public static readonly Consumer Consumer = Consumer.On<SupplyLevelChanged>("watch-supply", (level, delivery) =>
        Observe.AppendAsync(delivery, level.At, [(WatchSupply.Condition(level), WatchSupply.Evidence(level))]), atOnce: 1);
}
