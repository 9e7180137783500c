using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using static Fleet.Consent.Receipts.Schema1.FirstReceipt;

namespace Fleet.Consent.Receipts.Schema1;

/// <summary>The sections of ISO/IEC TS 27560:2023 on PII processing (§6.4.4) and on parties (§6.4.5).</summary>
internal static class FirstSections
{
    private const string Platform = "fleet";

    public static JsonObject Processing(Told told, ConsentEvent.Granted? notice) => new()
    {
        ["privacy_notice"] = notice is null ? null : Notice(notice, told.Origin),
        ["lawful_basis"] = "dpv:Consent",
        ["purposes"] = List(told.Names.Purposes.Select(name => Word(name, "purpose_type"))),
        ["services"] = List(told.Names.Features.Select(name => Word(name, "purpose_type"))),
        ["pii_information"] = List(told.Names.FieldGroups.Select(name => Word(name, "pii_type"))),
        ["pii_controllers"] = List([Provider(told)]),
        ["pii_processors"] = List([Platform]),
        ["collection_method"] = "fleet:edge-agent",
        ["processing_methods"] = List(["dpv:Collect", "dpv:Store", "dpv:Analyse", "dpv:Use"]),
        ["storage_locations"] = List([told.Origin ?? "not recorded"]),
        ["retention_period"] = "Collected until withdrawn. What was rightly collected before is kept only where the law or an open invoice asks for it.",
        ["recipient_third_parties"] = List([]),
        ["withdrawal_method"] = new JsonObject
        {
            ["@type"] = "dpv:WithdrawConsent",
            ["notice_address"] = $"{told.Origin}/api/v1/tenants/{told.Tenant}/consents/withdraw",
            ["dct:description"] = "At any time, without a reason, in the same place: by the customer's administrator in the portal or the API, or by someone at the machine on the agent's local page.",
        },
        ["privacy_rights"] = List(["dpv:RightToWithdrawConsent", "dpv:RightOfAccess", "dpv:RightToErasure", "dpv:RightToDataPortability"]),
    };

    public static JsonArray Parties(Told told) => List(
    [
        Party(told.Tenant, "dpv:DataSubject", null),
        Party(Provider(told), "dpv:DataController", null),
        Party(Platform, "dpv:DataProcessor", told.Origin),
        Party(told.By, "dpv:ConsentIndicator", null),
    ]);

    private static string Provider(Told told) => told.Provider ?? $"provider-of-{told.Tenant}";

    private static JsonObject Notice(ConsentEvent.Granted notice, string? origin)
    {
        var language = notice.TextLanguage ?? "en";
        return new()
        {
            ["notice_version"] = notice.TextVersion,
            ["language"] = language,
            ["notice_hash"] = notice.TextHash,
            ["notice_address"] = $"{origin}{ConsentTextRoute.PathOf(notice.TextVersion, language)}",
        };
    }

    private static JsonObject Word(string name, string kind) => new() { ["@id"] = $"fleet:{name}", ["dct:title"] = name, [kind] = FirstVocabulary.TypeOf(name) };

    private static JsonObject Party(string id, string role, string? address)
    {
        var party = new JsonObject { ["party_id"] = id, ["party_role"] = role };
        if (address is not null)
            party["party_address"] = address;
        return party;
    }
}
