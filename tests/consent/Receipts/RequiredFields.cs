using System.Text.Json.Nodes;

namespace Fleet.Consent.Tests.Receipts;

/// <summary>What ISO/IEC TS 27560:2023 wants in a record, section by section, and where a receipt of ours says it.</summary>
internal static class RequiredFields
{
    private static readonly string[] Header = ["schema_version", "record_id", "pii_principal_id"];

    private static readonly string[] Processing =
    [
        "privacy_notice", "privacy_notice/notice_version", "privacy_notice/language", "privacy_notice/notice_hash", "privacy_notice/notice_address", "lawful_basis", "purposes", "pii_information",
        "pii_controllers", "pii_processors", "collection_method", "processing_methods", "storage_locations", "retention_period", "recipient_third_parties", "withdrawal_method", "privacy_rights",
    ];

    private static readonly string[] Event = ["event_time", "recorded_time", "validity_duration", "entity_id", "event_type", "event_state", "indication_method"];

    private static readonly string[] Party = ["party_id", "party_role"];

    public static IReadOnlyList<string> Missing(JsonNode receipt) =>
    [
        .. In(receipt, "", Header),
        .. Each(receipt, "pii_processing", Processing),
        .. Each(receipt, "events", Event),
        .. Each(receipt, "parties", Party),
        .. Unmapped(receipt),
    ];

    private static IEnumerable<string> Each(JsonNode receipt, string section, string[] fields) =>
        receipt[section] is JsonArray { Count: > 0 } items ? items.SelectMany((item, number) => In(item!, $"{section}[{number}]/", fields)) : [section];

    private static IEnumerable<string> In(JsonNode node, string prefix, string[] fields) =>
        fields.Where(field => field.Split('/').Aggregate((JsonNode?)node, (at, name) => at?[name]) is null).Select(field => prefix + field);

    // A member without a term would be dropped by whoever reads it as JSON-LD.
    private static IEnumerable<string> Unmapped(JsonNode receipt)
    {
        var context = receipt["@context"]!.AsObject();
        return Members(receipt).Where(name => name[0] != '@' && !name.Contains(':', StringComparison.Ordinal) && !context.ContainsKey(name)).Distinct().Select(name => $"@context/{name}");
    }

    private static IEnumerable<string> Members(JsonNode? node) => node switch
    {
        JsonObject named => named.Where(member => member.Key != "@context").SelectMany(member => Members(member.Value).Prepend(member.Key)),
        JsonArray array => array.SelectMany(Members),
        _ => [],
    };
}
