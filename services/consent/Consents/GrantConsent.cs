// POST /api/v1/tenants/{t}/consents/grant -> Decide -> stream consent/{tenant} -> Consents -> GET …/consents; -> ConsentChanged
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.Consents;

/// <summary>What a tenant allows from now on; names of at least one of the three lists.</summary>
/// <param name="Evidence">At most 2000 characters: what proves the consent beyond the token.</param>
/// <param name="GivenAt">When it was given; left out: now. Earlier than now only with evidence.</param>
/// <param name="Text">Which text the customer was shown; left out: the English one.</param>
/// <param name="How"><c>portal</c>, <c>api</c> or <c>paper</c>; left out: <c>paper</c> for one given earlier, else <c>api</c>. Paper needs evidence; in the portal nothing is given earlier.</param>
public sealed record NewGrant(
    IReadOnlyList<string>? Purposes = null, IReadOnlyList<string>? Features = null, IReadOnlyList<string>? FieldGroups = null,
    string? Evidence = null, DateTimeOffset? GivenAt = null, ShownText? Text = null, string? How = null);

/// <summary>A text as <c>GET …/consents</c> told it.</summary>
/// <param name="Hash">SHA-256, lower-case hex: so that nobody agrees to another text than the one on the screen.</param>
public sealed record ShownText(string Version, string Language, string Hash);

public static class GrantConsent
{
    private const int LongestEvidence = 2000;

    public static Decision<ConsentEvent> Decide(NewGrant wanted, string by, IReadOnlyList<ConsentText> texts, TenantConsent consent, DateTimeOffset now, Circumstances? circumstances = null)
    {
        var (names, refusal) = Named.Read(wanted.Purposes, wanted.Features, wanted.FieldGroups);
        if (refusal is not null)
            return refusal;
        var given = wanted.GivenAt?.ToUniversalTime() ?? now;
        if (given > now)
            return Refusal.Invalid("given-in-the-future", $"A consent cannot have been given at {given:O}; it is {now:O}.");
        if (given < now && string.IsNullOrWhiteSpace(wanted.Evidence))
            return Refusal.Invalid("evidence-missing", "A consent given earlier needs evidence: say what proves it, or leave out givenAt.");
        if (wanted.How is { } how && !How.OfPeople.Contains(how))
            return Refusal.Invalid("unknown-how", $"'{how}' is no way to give a consent here. Known are: {string.Join(", ", How.OfPeople)}.");
        if (wanted.How == How.Portal && given < now)
            return Refusal.Invalid("how-does-not-fit", "What is given in the portal is given at that moment. One given earlier came another way: 'paper', or 'api' from another system.");
        if (wanted.How == How.Paper && string.IsNullOrWhiteSpace(wanted.Evidence))
            return Refusal.Invalid("evidence-missing", "A consent on paper needs evidence: say where the paper is.");
        if (wanted.Evidence?.Length > LongestEvidence)
            return Refusal.Invalid("evidence-too-long", $"Evidence is at most {LongestEvidence} characters.");
        if (texts.FirstOrDefault(text => wanted.Text is not { } shown || shown == new ShownText(text.Version, text.Language, text.Hash)) is not { } text)
            return Refusal.Conflict("text-changed", "The text that was shown is none of today's. Show one that GET …/consents tells, and grant what is agreed to then.");

        // Whatever was agreed to before a withdrawal ended with it.
        var ended = names.Where(consent, (spans, name) => given < spans.LastEnd(name));
        if (!ended.IsNothing)
            return Refusal.Conflict("withdrawn-since", $"Withdrawn after {given:O}: {ended}. A consent given before a withdrawal ended with it; ask for a new one.");

        // What stands is agreed to anew when it stood under an older text, or was given to the provider of before: a click is not lost.
        var changes = names.Where(consent, (spans, name) => !(spans.Standing(name) is { } standing && standing.From <= given && !standing.IsForAnother(circumstances?.Provider) && !ConsentText.AsksAnew(standing.TextVersion, text.Version)));
        return changes.IsNothing
            ? Decision<ConsentEvent>.Nothing
            : new ConsentEvent.Granted(
                changes.Purposes, changes.Features, changes.FieldGroups, by, given, now, text.Version, text.Hash, wanted.Evidence, text.Language,
                circumstances is null ? null : circumstances with { How = wanted.How ?? (given < now ? How.Paper : circumstances.How) });
    }
}

public static class GrantConsentRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{t}/consents/grant", async (string t, NewGrant wanted, Caller caller, CancellationToken cancel) =>
        {
            var circumstances = Circumstances.Here(module, How.Api, await ReadAccess.ProviderOfAsync(module, t, cancel));
            var outcome = await ChangeConsent.RunAsync(
                module, t, (consent, now) => GrantConsent.Decide(wanted, caller.Id, ConsentText.Current, consent, now, circumstances), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Ok(await Consents.StandingAsync(module, t, cancel));
        })
        .Requires(Right.ChangeConsents).Idempotent(module)
        .WithName("GrantConsents").WithSummary("Purposes, features and field groups a tenant allows from now on").Produces<StandingConsents>();
    }
}
