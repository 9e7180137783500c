using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fleet.Agent.Events;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Changes;

// Observed + DeviceMemory -> Decide -> facts worth saying + new DeviceMemory -> batch

/// <summary>What is said, and what to remember having said.</summary>
public sealed record Kept(IReadOnlyList<Fact> Facts, DeviceMemory Memory);

/// <summary>Says only what changed. Meters are said at each scheduled reading, and once a UTC day in any case, as coverage.</summary>
public static class KeepChanges
{
    /// <param name="metersDue">This visit is a scheduled meter reading.</param>
    public static Kept Decide(DeviceMemory? known, Observed now, bool metersDue, DateOnly day)
    {
        var before = known ?? new DeviceMemory(now.Device.Key, now.Target, now.Device);
        var meters = metersDue || before.MetersOn != day ? now.Meters : null;
        var (alerts, open) = Alerts(before.Alerts ?? [], now);
        // Who does not know what was said before says all there is: what else is thought to be open is not.
        var whole = before.Alerts is null && now.Alerts is { } rows ? now.Status is { } said ? said with { OpenAlerts = [.. rows.Select(row => new OpenAlert(row.Index, row.Code))] } : null : now.Status;
        List<Fact> facts =
        [
            .. now.Seen is { } seen && !Same(seen, before.Seen, EdgeJson.Strict.DeviceSeen) ? [Fact.Of(seen)] : Array.Empty<Fact>(),
            .. meters is null ? [] : new[] { Fact.Of(meters) },
            .. now.Supplies is { } supplies && !Same(supplies, before.Supplies, EdgeJson.Strict.SuppliesRead) ? [Fact.Of(supplies)] : Array.Empty<Fact>(),
            .. whole is { } status && !Same(status, before.Status, EdgeJson.Strict.StatusChanged) ? [Fact.Of(status)] : Array.Empty<Fact>(),
            .. alerts
        ];
        return new(facts, new(
            before.Key, now.Target, now.Device, now.Seen ?? before.Seen, now.Supplies ?? before.Supplies, now.Status ?? before.Status, before.Alerts is null && now.Alerts is null ? null : open,
            meters is null ? before.MetersOn : day));
    }

    /// <summary>The device no longer answers. Its alerts stay as they are: silence clears nothing.</summary>
    public static Kept Silent(DeviceMemory known)
    {
        var status = new StatusChanged(known.Device, "unreachable", "unknown", []);
        return Same(status, known.Status, EdgeJson.Strict.StatusChanged) ? new([], known) : new([Fact.Of(status)], known with { Status = status });
    }

    // A row that is gone is cleared; a row that became another alert is cleared and raised.
    private static (List<Fact> Facts, IReadOnlyList<AlertRaised> Open) Alerts(IReadOnlyList<AlertRaised> before, Observed now)
    {
        if (now.Alerts is not { } rows) return ([], before);
        var gone = before.Where(old => !rows.Any(row => IsSameAlert(old, row)));
        var fresh = rows.Where(row => !before.Any(old => IsSameAlert(old, row)));
        return ([.. gone.Select(old => Fact.Of(new AlertCleared(now.Device, old.Index, old.Code))), .. fresh.Select(Fact.Of)], rows);
    }

    private static bool IsSameAlert(AlertRaised old, AlertRaised row) => (old.Index, old.Code, old.Group, old.GroupIndex) == (row.Index, row.Code, row.Group, row.GroupIndex);

    // Records compare their lists by reference; what is sent is what counts.
    private static bool Same<T>(T one, T? other, JsonTypeInfo<T> shape) where T : class =>
        other is not null && JsonSerializer.Serialize(one, shape) == JsonSerializer.Serialize(other, shape);
}
