// POST /api/v1/tenants/{t}/consents/withdraw -> Decide -> stream consent/{tenant} -> Consents -> GET …/consents; -> ConsentChanged
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.Consents;

/// <summary>What a tenant allows no longer; names of at least one of the three lists.</summary>
/// <param name="Reason">At most 2000 characters, and nobody's to ask for.</param>
/// <param name="How"><c>portal</c>, <c>api</c> or <c>paper</c>; left out: <c>api</c>.</param>
public sealed record NewWithdrawal(
    IReadOnlyList<string>? Purposes = null, IReadOnlyList<string>? Features = null, IReadOnlyList<string>? FieldGroups = null, string? Reason = null, string? How = null);

public static class WithdrawConsent
{
    private const int LongestReason = 2000;

    public static Decision<ConsentEvent> Decide(NewWithdrawal wanted, string by, TenantConsent consent, DateTimeOffset now, Circumstances? circumstances = null)
    {
        var (names, refusal) = Named.Read(wanted.Purposes, wanted.Features, wanted.FieldGroups);
        if (refusal is not null)
            return refusal;
        if (wanted.Reason?.Length > LongestReason)
            return Refusal.Invalid("reason-too-long", $"A reason is at most {LongestReason} characters.");

        if (wanted.How is { } how && !How.OfPeople.Contains(how))
            return Refusal.Invalid("unknown-how", $"'{how}' is no way to withdraw a consent here. Known are: {string.Join(", ", How.OfPeople)}.");

        var standing = names.Where(consent, (spans, name) => spans.Standing(name) is not null);
        return standing.IsNothing
            ? Decision<ConsentEvent>.Nothing
            : new ConsentEvent.Withdrawn(standing.Purposes, standing.Features, standing.FieldGroups, by, now, wanted.Reason,
                circumstances is null ? null : circumstances with { How = wanted.How ?? circumstances.How });
    }
}

public static class WithdrawConsentRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{t}/consents/withdraw", async (string t, NewWithdrawal wanted, Caller caller, CancellationToken cancel) =>
        {
            var circumstances = Circumstances.Here(module, How.Api, await ReadAccess.ProviderOfAsync(module, t, cancel));
            var outcome = await ChangeConsent.RunAsync(module, t, (consent, now) => WithdrawConsent.Decide(wanted, caller.Id, consent, now, circumstances), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Ok(await Consents.StandingAsync(module, t, cancel));
        })
        .Requires(Right.ChangeConsents).Idempotent(module)
        .WithName("WithdrawConsents").WithSummary("Purposes, features and field groups a tenant allows no longer").Produces<StandingConsents>();
    }
}
