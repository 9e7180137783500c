using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using Fleet.EventStore;

namespace Fleet.Consent.Receipts.Schema1;

/// <summary>Receipts of schema 1, for the changes that were recorded under it. Frozen: golden files hold every byte.</summary>
internal static class FirstReceipt
{
    private const string Schema = "ISO/IEC TS 27560:2023 fleet-consent-receipt/1";

    public static JsonObject Of(IReadOnlyList<IEvent> history)
    {
        var e = history[^1];
        var told = Told.Of(e);
        return new()
        {
            ["@context"] = FirstVocabulary.Context(),
            ["@type"] = "dpv:ConsentRecord",
            ["@id"] = $"urn:uuid:{e.Id}",
            ["schema_version"] = Schema,
            ["record_id"] = e.Id.ToString(),
            ["record_version"] = e.Version.ToString(CultureInfo.InvariantCulture),
            ["pii_principal_id"] = e.TenantId,
            ["pii_processing"] = List([FirstSections.Processing(told, NoticeOf(history, told.Names))]),
            ["events"] = List([Event(history, told)]),
            ["parties"] = FirstSections.Parties(told),
        };
    }

    // A withdrawal names no text: it ends what was agreed to under the newest one its names were granted with.
    private static ConsentEvent.Granted? NoticeOf(IReadOnlyList<IEvent> history, Named names) =>
        history.Select(e => e.Data).OfType<ConsentEvent.Granted>().LastOrDefault(grant => Touch(grant, names));

    private static JsonObject Event(IReadOnlyList<IEvent> history, Told told)
    {
        var said = new JsonObject
        {
            ["event_type"] = told.IsGranted ? "fleet:consent-granted" : "fleet:consent-withdrawn",
            ["event_state"] = told.IsGranted ? FirstVocabulary.Given : FirstVocabulary.Withdrawn,
            ["event_time"] = Time(told.From),
            ["recorded_time"] = Time(told.At),
            ["validity_duration"] = told.IsGranted ? "until-withdrawn" : "none",
            ["entity_id"] = told.By,
            ["indication_method"] = $"fleet:{told.How}",
        };
        if (told.Grounds is { } evidence)
            said["evidence"] = evidence;
        if (!told.IsGranted)
            said["updates"] = List(history.Where(e => e.Data is ConsentEvent.Granted grant && Touch(grant, told.Names)).Select(e => (JsonNode)$"urn:uuid:{e.Id}"));
        return said;
    }

    private static bool Touch(ConsentEvent.Granted grant, Named names) =>
        grant.Purposes.Intersect(names.Purposes).Any() || grant.Features.Intersect(names.Features).Any() || grant.FieldGroups.Intersect(names.FieldGroups).Any();

    internal static JsonArray List(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
