using System.Text.Json.Nodes;

namespace Fleet.Consent.Tests.Receipts;

/// <summary>
/// What ISO/IEC TS 27560:2023 wants in a receipt and the record in it, and where ours says it; in the order of the guide of the DPVCG (2026-02-15, §8 and §9).
/// Not among them, since Fleet does not know them: names, postal addresses and contacts of the parties.
/// </summary>
internal static class RequiredFields
{
    private static readonly string[] Header = ["schema_version", "receipt_id"];

    private static readonly string[] Record =
    [
        "schema_version", "record_id", "pii_principal_id", "recorded_time", "privacy_notice", "privacy_notice/notice_version", "privacy_notice/language", "privacy_notice/notice_hash", "privacy_notice/notice_address",
    ];

    private static readonly string[] Processing =
    [
        "lawful_basis", "purposes", "pii_information", "pii_controllers", "pii_processors", "collection_method", "processing_methods", "storage_locations", "retention_period",
        "retention_period/duration", "recipient_third_parties", "withdrawal_method", "withdrawal_method/exercised_at", "privacy_rights",
    ];

    private static readonly string[] Event = ["event_time", "validity_duration", "entity_id", "event_type", "event_state", "indication_method"];

    private static readonly string[] Party = ["@id", "party_id", "party_role"];

    public static IReadOnlyList<string> Missing(JsonNode receipt) =>
    [
        .. In(receipt, "", Header),
        .. Each(receipt, "", "records", Record),
        .. (receipt["records"]?.AsArray() ?? []).SelectMany(record => Sections(record!)),
    ];

    private static IEnumerable<string> Sections(JsonNode record) =>
    [
        .. Each(record, "", "pii_processing", Processing),
        .. Each(record, "", "events", Event),
        .. Each(record, "", "parties", Party),
    ];

    private static IEnumerable<string> Each(JsonNode node, string prefix, string section, string[] fields) =>
        node[section] is JsonArray { Count: > 0 } items ? items.SelectMany((item, number) => In(item!, $"{prefix}{section}[{number}]/", fields)) : [prefix + section];

    private static IEnumerable<string> In(JsonNode node, string prefix, string[] fields) =>
        fields.Where(field => field.Split('/').Aggregate((JsonNode?)node, (at, name) => at?[name]) is null).Select(field => prefix + field);
}
