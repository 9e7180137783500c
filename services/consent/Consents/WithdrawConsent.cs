// POST /api/v1/tenants/{t}/consents/withdraw -> Decide -> stream consent/{tenant} -> Consents -> GET …/consents; -> ConsentChanged
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.Consents;

/// <summary>What a tenant allows no longer; names of at least one of the three lists.</summary>
/// <param name="Reason">At most 2000 characters, and nobody's to ask for.</param>
public sealed record NewWithdrawal(
    IReadOnlyList<string>? Purposes = null, IReadOnlyList<string>? Features = null, IReadOnlyList<string>? FieldGroups = null, string? Reason = null);

public static class WithdrawConsent
{
    private const int LongestReason = 2000;

    public static Decision<ConsentEvent> Decide(NewWithdrawal wanted, string by, TenantConsent consent, DateTimeOffset now)
    {
        var (names, refusal) = Named.Read(wanted.Purposes, wanted.Features, wanted.FieldGroups);
        if (refusal is not null)
            return refusal;
        if (wanted.Reason?.Length > LongestReason)
            return Refusal.Invalid("reason-too-long", $"A reason is at most {LongestReason} characters.");

        var standing = names.Where(consent, (spans, name) => spans.Standing(name) is not null);
        return standing.IsNothing
            ? Decision<ConsentEvent>.Nothing
            : new ConsentEvent.Withdrawn(standing.Purposes, standing.Features, standing.FieldGroups, by, now, wanted.Reason);
    }
}

public static class WithdrawConsentRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/tenants/{t}/consents/withdraw", async (string t, NewWithdrawal wanted, Caller caller, CancellationToken cancel) =>
        {
            var outcome = await module.DecideAsync<TenantConsent, ConsentEvent>(
                t, TenantConsent.Key(t), consent => WithdrawConsent.Decide(wanted, caller.Id, consent, module.Clock.GetUtcNow()), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Ok(await Consents.StandingAsync(module, t, cancel));
        })
        .Requires(Right.ChangeConsents).Idempotent(module)
        .WithName("WithdrawConsents").WithSummary("Purposes, features and field groups a tenant allows no longer").Produces<StandingConsents>();
}
