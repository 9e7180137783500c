// stream consent/{tenant} up to an event -> the schema that event was recorded under -> Payload -> GET /api/v1/tenants/{t}/consents/receipts/{id}. Pure.
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fleet.Consent.Receipts.Schema1;
using Fleet.Consent.Receipts.Schema2;
using Fleet.EventStore;

namespace Fleet.Consent.Receipts;

/// <summary>
/// The receipt of one change, after ISO/IEC TS 27560:2023 as JSON-LD with DPV terms. It is made of the stream alone, and the event says under which schema: the same event gives the same bytes for
/// ever. What is written of a schema must not change any more (golden files hold it); another layout is another schema beside it, and the newest is written down with each change.
/// </summary>
public static class WriteReceipt
{
    /// <summary>Under which changes are recorded from now on.</summary>
    public const int Newest = 2;

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="history">The stream up to the event, which is the last of them.</param>
    public static byte[] Payload(IReadOnlyList<IEvent> history) => JsonSerializer.SerializeToUtf8Bytes(
        (Told.AroundOf(history[^1])?.Receipt ?? 1) switch
        {
            1 => FirstReceipt.Of(history),
            2 => Receipt.Of(history),
            var other => throw new UnreachableException($"No receipts of schema {other}"),
        }, Json);
}
