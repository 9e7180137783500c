// POST /licences -> Decide -> stream licence/{tenant} -> Licences -> GET /licences
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Licensing.Licences;

/// <summary>A licence to grant.</summary>
/// <param name="Seats">Devices that may report in a calendar month (UTC); not below 0.</param>
/// <param name="Features">Names of licensed features, in any order.</param>
public sealed record LicenceOffer(
    string TenantId, long Seats, IReadOnlyList<string> Features, DateOnly MaintenanceUntil, string CustomerReference);

public static class GrantLicence
{
    private const int LongestReference = 100;

    public static Decision<LicenceEvent> Decide(LicenceOffer offer, Licence licence, string by, DateTimeOffset at)
    {
        if (offer.Seats < 0)
            return Refusal.Invalid("licence", "seats is not below 0");
        if (offer.Features is null || offer.Features.Any(string.IsNullOrWhiteSpace))
            return Refusal.Invalid("licence", "features is a list of names");
        if (string.IsNullOrWhiteSpace(offer.CustomerReference) || offer.CustomerReference.Length > LongestReference)
            return Refusal.Invalid("licence", $"customerReference is the customer's own number for the licence, at most {LongestReference} characters");

        string[] features = [.. offer.Features.Distinct().Order(StringComparer.Ordinal)];
        return IsSo(offer, features, licence.Current)
            ? Decision<LicenceEvent>.Nothing
            : new LicenceEvent.LicenceGranted(offer.TenantId, offer.Seats, features, offer.MaintenanceUntil, offer.CustomerReference, by, at);
    }

    private static bool IsSo(LicenceOffer offer, string[] features, LicenceEvent.LicenceGranted? current) =>
        current is not null && current.Seats == offer.Seats && current.MaintenanceUntil == offer.MaintenanceUntil
        && current.CustomerReference == offer.CustomerReference && current.Features.SequenceEqual(features);
}

public static class GrantLicenceRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) => app
        .MapPost("/api/v1/licences", async (LicenceOffer offer, Caller caller, CancellationToken cancel) =>
        {
            if (!caller.Sees(offer.TenantId))
                return caller.Unseen(offer.TenantId).ToResult();
            var now = module.Clock.GetUtcNow();
            var outcome = await module.DecideAsync<Licence, LicenceEvent>(
                offer.TenantId, Licence.Key(offer.TenantId), licence => GrantLicence.Decide(offer, licence, caller.Id, now), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Created(
                $"/api/v1/licences?tenant={offer.TenantId}",
                (await LicenceAnswers.OfAsync(module.Store, [offer.TenantId], Seats.Month.Of(now), cancel)).Single());
        })
        .Requires(Right.ManageLicences)
        .Idempotent(module)
        .WithName("GrantLicence").WithSummary("What a tenant bought: seats, features, maintenance")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .Produces<LicenceAnswer>(StatusCodes.Status201Created);
}
