using System.Text.Json;

namespace Fleet.Cli.Consents;

/// <summary>What a stored event of telemetry holds of a customer's devices, and so what must have been allowed when it was observed.</summary>
/// <param name="At">When the device was observed.</param>
/// <param name="Purposes">Any one of them.</param>
/// <param name="FieldGroups">All of them.</param>
public sealed record StoredFact(DateTimeOffset At, IReadOnlyList<string> Purposes, IReadOnlyList<string> FieldGroups)
{
    private static readonly string[] Either = ["fleet-management", "billing"], Care = ["fleet-management"];

    // A member of a device's card -> what it is. One that is not here is not known to be covered.
    private static readonly Dictionary<string, string?> Card = new()
    {
        ["manufacturer"] = "identity",
        ["model"] = "identity",
        ["serial"] = "identity",
        ["sysObjectId"] = "identity",
        ["profile"] = "identity",
        ["name"] = "location",
        ["location"] = "location",
        ["address"] = "network-address",
        ["mac"] = "network-address",
        ["firmware"] = "firmware",
        ["siteId"] = null, // the provider's own word
    };

    /// <summary>Stored types that say nothing of a device: of batches, of the agent itself, of what the gate knows, and of callers that were refused; or nothing an agent observed.</summary>
    public static readonly IReadOnlySet<string> OfNoDevice = new HashSet<string>
    {
        "batch_accepted", "batch_refused", "gap_opened", "gap_filled", "sequence_restarted", "health_reported", "consent_learned",
        "access_refused", "report_saved", "report_scheduled", "report_unscheduled", "report_dropped", "report_delivery_begun", "report_delivered", "report_delivery_failed", "agent_key_learned", "agent_key_revoked",
        // what is concluded from readings that are judged themselves, and what a person says of one
        "counters_restated", "reading_corrected",
        "device_merged", "device_joined", "device_unmerged", "device_parted", "device_split", "device_split_off", "device_retired", "device_returned",
        "device_conflict_found", "device_conflict_settled", "device_board_replaced", "device_displaced", "device_fell_silent", "device_spoke_again", "agent_fell_silent", "agent_spoke_again",
    };

    /// <returns>Null for what holds nothing of a device.</returns>
    /// <exception cref="FormatException">A type, or a member of a card, that this auditor does not know: it may not pass for covered.</exception>
    public static StoredFact? Of(string type, JsonElement data) => type switch
    {
        "device_registered" or "device_described" => new(Time(data, "at"), Either, OfCard(data.GetProperty("card"))),
        "meter_read" => new(Time(data, "observedAt"), Either, ["counters", .. OfCard(data, "serial", "mac")]),
        "counter_epochs_started" => new(Time(data, "at"), Either, ["counters"]),
        "supply_level_changed" or "supply_replaced" or "supply_removed" => new(Time(data, "at"), Care, ["supplies"]),
        "device_status_changed" or "device_alert_raised" or "device_alert_cleared" => new(Time(data, "at"), Care, ["status"]),
        _ when OfNoDevice.Contains(type) => null,
        _ => throw new FormatException($"a stored type '{type}'"),
    };

    /// <summary>The agent's clock was ahead: it was observed before it had come.</summary>
    public StoredFact NotLaterThan(DateTimeOffset judged) => judged < At ? this with { At = judged } : this;

    private static List<string> OfCard(JsonElement card) =>
    [
        .. card.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null)
            .Select(member => Card.TryGetValue(member.Name, out var group) ? group : throw new FormatException($"a card's member '{member.Name}'"))
            .OfType<string>().Distinct(),
    ];

    private static IEnumerable<string> OfCard(JsonElement data, params string[] members) =>
        members.Where(member => data.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null).Select(member => Card[member]!);

    private static DateTimeOffset Time(JsonElement data, string name) => data.GetProperty(name).GetDateTimeOffset();
}
