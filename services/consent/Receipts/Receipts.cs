// rows consent_changes -> GET /api/v1/tenants/{t}/consents/receipts; stream consent/{tenant} -> WriteReceipt -> SignReceipt -> …/receipts/{id}
using System.ComponentModel;
using Fleet.Consent.Consents;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.Receipts;

/// <summary>A receipt there is: one per change, for ever.</summary>
/// <param name="Status"><c>granted</c> or <c>withdrawn</c>: a withdrawal is a record of its own, which names those it updates.</param>
/// <param name="Names">All that it is about.</param>
/// <param name="At">When the change was recorded.</param>
/// <param name="Address">Where it is downloaded.</param>
public sealed record ReceiptSummary(Guid Id, long Version, string Status, IReadOnlyList<string> Names, DateTimeOffset At, string Address)
{
    public static ReceiptSummary Of(string tenant, ConsentChange change) => new(
        change.Receipt, change.Version, change.Change, [.. change.Purposes, .. change.Features, .. change.FieldGroups], change.At, $"/api/v1/tenants/{tenant}/consents/receipts/{change.Receipt}");
}

public static class ReceiptRoutes
{
    private const string Readable = "application/ld+json";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var key = Es256Key.Open(module.Settings, "FLEET_CONSENT_KEY");

        app.MapGet("/api/v1/tenants/{t}/consents/receipts", async (string t, string? cursor, int? limit, CancellationToken cancel) =>
            await ConsentChanges.PageAsync(module, t, cursor, limit, cancel) is { } changes
                ? Results.Ok(new Page<ReceiptSummary>([.. changes.Items.Select(change => ReceiptSummary.Of(t, change))], changes.Next))
                : Cursor.Invalid.ToResult())
            .Requires(Right.ReadConsents).WithName("ListConsentReceipts").WithSummary("A receipt for every consent given or withdrawn, the newest first").Produces<Page<ReceiptSummary>>();

        app.MapGet("/api/v1/tenants/{t}/consents/receipts/{id}", async (string t, [Description("The receipt's id, as the list tells it.")] Guid id, HttpContext http, CancellationToken cancel) =>
        {
            if (await PayloadAsync(module, t, id, cancel) is not { } payload)
                return Refusal.Unknown("unknown-receipt", $"This tenant has no receipt '{id}'.").ToResult();
            http.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
            http.Response.Headers.Vary = "Accept";
            return http.Request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(Readable, StringComparison.OrdinalIgnoreCase))
                ? Results.Bytes(payload, Readable)
                : Results.Bytes(
                    System.Text.Encoding.ASCII.GetBytes(await SignReceipt.KeptAsync(module, t, id, payload, key, cancel)), SignReceipt.MediaType, $"consent-receipt-{t}-{id}.jws");
        })
        .Requires(Right.ReadConsents).WithName("GetConsentReceipt").WithSummary("One receipt (ISO/IEC TS 27560:2023, JSON-LD with DPV terms), signed")
        .WithDescription(
            "A compact JWS (RFC 7515, ES256) whose payload is the receipt; the key is at `/.well-known/fleet-receipt-keys`, for good, so it can be verified without us. "
            + "`Accept: application/ld+json` gives the payload alone, byte for byte, to read. The same id gives the same payload for ever.")
        .Produces<string>(contentType: SignReceipt.MediaType);
    }

    /// <summary>Null when the tenant has no such receipt.</summary>
    private static async Task<byte[]?> PayloadAsync(ModuleContext module, string tenant, Guid id, CancellationToken cancel)
    {
        await using var rows = module.Store.QuerySession(tenant);
        if ((await rows.QueryAsync<ConsentChange>("where receipt = @id", new { id }, cancel)) is not [var change])
            return null;
        await using var session = module.Store.LightweightSession(tenant);
        return WriteReceipt.Payload(await session.Events.FetchStreamAsync(TenantConsent.Key(tenant), change.Version, ct: cancel));
    }
}
