using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using static Fleet.Consent.Receipts.Schema2.Receipt;

namespace Fleet.Consent.Receipts.Schema2;

/// <summary>The notice (guide §8.2) and the PII processing (guide §8.3): for what, of what, where, how long, and how it is taken back.</summary>
internal static class Processing
{
    public static JsonObject Of(Told told, Parties parties)
    {
        var process = new JsonObject
        {
            ["@type"] = "dpv:Process",
            ["lawful_basis"] = "dpv:Consent",
            ["purposes"] = List(told.Names.Purposes.Select(Vocabulary.Purpose)),
            ["services"] = List(told.Names.Features.Select(Vocabulary.Service)),
            ["pii_information"] = List(told.Names.FieldGroups.Where(Vocabulary.IsPersonal).Select(Vocabulary.Data)),
            ["other_information"] = List(told.Names.FieldGroups.Where(name => !Vocabulary.IsPersonal(name)).Select(Vocabulary.Data)),
            ["pii_controllers"] = List([parties.Controller]),
            ["pii_processors"] = List([parties.Processor]),
            ["collection_method"] = Collected(),
            ["processing_methods"] = List(["dpv:Collect", "dpv:Store", "dpv:Analyse", "dpv:Use"]),
            ["storage_locations"] = List([Kept(told)]),
            ["retention_period"] = new JsonObject
            {
                ["@type"] = "dpv:StorageDuration",
                ["duration"] = new JsonObject { ["@type"] = "dpv:UntilEventDuration", ["value"] = "the withdrawal of this consent" },
                ["description"] = "Collected until withdrawn. What was rightly collected before is kept only where the law or an open invoice asks for it.",
            },
            ["recipient_third_parties"] = List([]),
            ["withdrawal_method"] = new JsonObject
            {
                ["@type"] = "dpv:WithdrawConsent",
                ["exercised_at"] = $"{Tenant(told)}/consents/withdraw",
                ["description"] = "At any time, without a reason, in the same place: by the customer's administrator in the portal or the API, or by someone at the machine on the agent's local page.",
            },
            ["privacy_rights"] = List(
            [
                Right("To withdraw this consent", $"{Tenant(told)}/consents/withdraw"),
                Right("To see what was allowed, by whom and when, and what was taken back", $"{Tenant(told)}/consents"),
                Right("To see what was collected", $"{Tenant(told)}/devices"),
            ]),
        };
        if (told.Country is { } country)
            process["jurisdiction"] = Vocabulary.Country(country);
        return process;
    }

    public static JsonObject Notice(ConsentEvent.Granted agreed, string? origin)
    {
        var language = agreed.TextLanguage ?? "en";
        return new()
        {
            ["notice_address"] = $"{agreed.Circumstances?.Origin ?? origin}{ConsentTextRoute.PathOf(agreed.TextVersion, language)}",
            ["@type"] = "dpv:ConsentNotice",
            ["notice_version"] = agreed.TextVersion,
            ["language"] = language,
            ["notice_hash"] = agreed.TextHash,
        };
    }

    private static JsonObject Collected() => new()
    {
        ["@type"] = "dpv:DataSource",
        ["title"] = "The printers at the customer's site",
        ["technology"] = new JsonObject { ["@id"] = "fleet:edge-agent", ["@type"] = "dpv:Technology", ["title"] = "An agent at the customer's site, which asks them only for what is allowed" },
    };

    private static JsonObject Kept(Told told)
    {
        var kept = new JsonObject { ["@type"] = "dpv:StorageLocation", ["title"] = told.Origin };
        if (told.Country is { } country)
            kept["location"] = Vocabulary.Country(country);
        return kept;
    }

    private static JsonObject Right(string title, string address) => new() { ["@type"] = "dpv:DataSubjectRight", ["title"] = title, ["exercised_at"] = address };

    private static string Tenant(Told told) => $"{told.Origin}/api/v1/tenants/{told.Tenant}";
}
