using System.Text.Json.Nodes;

namespace Fleet.Consent.Receipts.Schema2;

/// <summary>Who is who (guide §8.4), each under a name of this receipt, by which its other sections speak of them.</summary>
/// <param name="Receipt">Its address.</param>
internal sealed record Parties(string Receipt)
{
    public string Subject => $"{Receipt}#data-subject";

    public string Controller => $"{Receipt}#controller";

    public string Processor => $"{Receipt}#processor";

    public string Indicator => $"{Receipt}#indicated-by";

    public JsonArray Of(Told told)
    {
        var subject = Party(Subject, "dpv:DataSubject", told.Tenant);
        subject["description"] = "Whoever at this customer the data may say something about. The customer's organisation decides for them.";
        var processor = Party(Processor, "dpv:DataProcessor", "fleet");
        processor["party_url"] = told.Origin;
        return Schema2.Receipt.List(
        [
            subject,
            Party(Controller, "dpv:DataController", told.Provider ?? $"provider-of-{told.Tenant}"),
            processor,
            Party(Indicator, "dpv:Entity", told.By),
        ]);
    }

    private static JsonObject Party(string iri, string role, string id) => new() { ["@id"] = iri, ["party_role"] = role, ["party_id"] = id };
}
