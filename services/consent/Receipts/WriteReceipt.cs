// stream consent/{tenant} up to an event -> Payload -> GET /api/v1/tenants/{t}/consents/receipts/{id}. Pure.
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using Fleet.EventStore;

namespace Fleet.Consent.Receipts;

/// <summary>
/// The receipt of one change: a consent record after ISO/IEC TS 27560:2023 as JSON-LD with DPV terms. It is made of the stream alone, so the same event gives the same bytes for ever: what is
/// written here of schema <see cref="Schema"/> must not change any more (a golden file holds it); another layout is another schema beside it.
/// </summary>
public static class WriteReceipt
{
    public const string Schema = "ISO/IEC TS 27560:2023 fleet-consent-receipt/1";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="history">The stream up to the event, which is the last of them.</param>
    public static byte[] Payload(IReadOnlyList<IEvent> history) => JsonSerializer.SerializeToUtf8Bytes(Record(history), Json);

    private static JsonObject Record(IReadOnlyList<IEvent> history)
    {
        var e = history[^1];
        var told = ToldOf(e);
        return new()
        {
            ["@context"] = Vocabulary.Context(),
            ["@type"] = "dpv:ConsentRecord",
            ["@id"] = $"urn:uuid:{e.Id}",
            ["schema_version"] = Schema,
            ["record_id"] = e.Id.ToString(),
            ["record_version"] = e.Version.ToString(CultureInfo.InvariantCulture),
            ["pii_principal_id"] = e.TenantId,
            ["pii_processing"] = List([ReceiptSections.Processing(told, NoticeOf(history, told.Names))]),
            ["events"] = List([Event(history, told)]),
            ["parties"] = ReceiptSections.Parties(told),
        };
    }

    private static Told ToldOf(IEvent e)
    {
        var how = How.Of((ConsentEvent)e.Data);
        return e.Data switch
        {
            ConsentEvent.Granted g => new(e.TenantId, new(g.Purposes, g.Features, g.FieldGroups), g.By, how, g.Circumstances?.Origin, g.Circumstances?.Provider, IsGranted: true, g.GivenAt, g.At, g.Evidence),
            ConsentEvent.Withdrawn w => new(e.TenantId, new(w.Purposes, w.Features, w.FieldGroups), w.By, how, w.Circumstances?.Origin, w.Circumstances?.Provider, IsGranted: false, w.At, w.At, w.Reason),
            _ => throw new UnreachableException($"No receipt for {e.Data.GetType().Name}"),
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
            ["event_state"] = told.IsGranted ? Vocabulary.Given : Vocabulary.Withdrawn,
            ["event_time"] = Time(told.From),
            ["recorded_time"] = Time(told.At),
            ["validity_duration"] = told.IsGranted ? "until-withdrawn" : "none",
            ["entity_id"] = told.By,
            ["indication_method"] = $"fleet:{told.How}",
        };
        if (told.Evidence is { } evidence)
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

/// <summary>What a receipt tells of its event.</summary>
/// <param name="From">When it was said; <paramref name="At"/>: when it was recorded.</param>
internal sealed record Told(
    string Tenant, Named Names, string By, string How, string? Origin, string? Provider, bool IsGranted, DateTimeOffset From, DateTimeOffset At, string? Evidence);
