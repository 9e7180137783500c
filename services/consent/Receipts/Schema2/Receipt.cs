// stream consent/{tenant} up to an event -> Told + History -> a receipt with one consent record in it
using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.EventStore;

namespace Fleet.Consent.Receipts.Schema2;

/// <summary>
/// Receipts of schema 2: a <c>dpv:ConsentReceipt</c> with one <c>dpv:ConsentRecord</c>, as the guide "Consent Records and Receipts as per ISO/IEC TS 27560:2023 using DPV" (DPVCG, 2026-02-15) lays
/// them out, §8 and §9.
/// </summary>
internal static class Receipt
{
    public static JsonObject Of(IReadOnlyList<IEvent> history)
    {
        var e = history[^1];
        var told = Told.Of(e);
        var address = $"{told.Origin}/api/v1/tenants/{told.Tenant}/consents/receipts/{e.Id}";
        return new()
        {
            ["@context"] = Vocabulary.Context(),
            ["@id"] = address,
            ["@type"] = "dpv:ConsentReceipt",
            ["schema_version"] = "fleet:consent-receipt-2",
            ["receipt_id"] = e.Id.ToString(),
            ["records"] = List([Record(e, history, told, new(address))]),
        };
    }

    private static JsonObject Record(IEvent e, IReadOnlyList<IEvent> history, Told told, Parties parties)
    {
        var notice = History.NoticeOf(history);
        var record = new JsonObject
        {
            ["@id"] = History.RecordOf(e),
            ["@type"] = "dpv:ConsentRecord",
            ["schema_version"] = "fleet:consent-record-2",
            ["record_id"] = e.Id.ToString(),
            ["record_version"] = e.Version.ToString(CultureInfo.InvariantCulture),
            ["recorded_time"] = Time(told.At),
            ["pii_principal_id"] = parties.Subject,
        };
        if (!told.IsGranted)
            record["updates"] = List(History.EndedBy(history).Select(ended => (JsonNode)History.RecordOf(ended)));
        if (notice is not null)
            record["privacy_notice"] = Processing.Notice(notice.Granted, told.Origin);
        record["pii_processing"] = List([Processing.Of(told, parties)]);
        record["events"] = List([Happened.Of(told, notice, parties)]);
        record["parties"] = parties.Of(told);
        return record;
    }

    internal static JsonArray List(IEnumerable<JsonNode?> nodes) => new([.. nodes]);

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
