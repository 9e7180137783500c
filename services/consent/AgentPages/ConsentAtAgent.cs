// agent's token + what somebody at its machine ticked -> GrantConsent or WithdrawConsent -> stream consent/{tenant}. GET, POST /api/v1/tenants/{t}/sites/{site}/consents…
using System.ComponentModel;
using Fleet.Consent.Consents;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.AgentPages;

public static class ConsentAtAgent
{
    /// <summary>Whoever it was, no name is kept: somebody who could open the page at that machine.</summary>
    public static string By(string agent) => $"someone-at-agent:{agent}";

    public static Decision<ConsentEvent> Grant(
        SiteConsentChange wanted, string agent, AgentPage page, IReadOnlyList<ConsentText> texts, TenantConsent consent, DateTimeOffset now, Circumstances circumstances)
    {
        if (!page.MayGrant)
            return Refusal.Forbidden("agent-page-closed", "This customer gives its consents elsewhere: its administrator has closed the agents' pages for it. Taking back is possible here.");
        if (wanted.Text is not { } shown)
            return Refusal.Invalid("text-missing", "A consent given at an agent's page names the text that was shown there.");
        return GrantConsent.Decide(
            new(wanted.Purposes, wanted.Features, wanted.FieldGroups, Text: new(shown.Version, shown.Language, shown.Hash)), By(agent), texts, consent, now, circumstances);
    }

    public static Decision<ConsentEvent> Withdraw(SiteConsentChange wanted, string agent, TenantConsent consent, DateTimeOffset now, Circumstances circumstances) =>
        WithdrawConsent.Decide(new(wanted.Purposes, wanted.Features, wanted.FieldGroups), By(agent), consent, now, circumstances);

    public static SiteConsents Shown(StandingConsents standing, AgentPage page, ConsentText text)
    {
        IEnumerable<SiteConsentName> Names(string kind, IReadOnlyList<string> known, IReadOnlyList<Span> spans) =>
            known.Select(name => new SiteConsentName(kind, name, spans.Standing(name) is not null));
        return new(standing.TenantId, page.MayGrant, new(text.Version, text.Language, text.Hash, text.Text),
        [
            .. Names("purpose", ConsentWords.Purposes, standing.Purposes),
            .. Names("feature", ConsentWords.Features, standing.Features),
            .. Names("field-group", ConsentWords.FieldGroups, standing.FieldGroups),
        ]);
    }
}

public static class ConsentAtAgentRoutes
{
    private const string SiteWords = "The site's id, a slug: `hq`.";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet(SiteConsents.Path("{t}", "{site}"), async (
            string t, [Description(SiteWords)] string site, [Description("Of the text: `en`, `de`, `fr` or `sv`.")] string? language, Caller caller, CancellationToken cancel) =>
            caller.Site != site
                ? UnknownSite(site).ToResult()
                : Results.Ok(ConsentAtAgent.Shown(await Consents.Consents.StandingAsync(module, t, cancel), await PageAsync(module, t, cancel), ConsentText.For(language))))
            .Requires(Right.ConsentAtAgent).WithName("GetSiteConsents").WithSummary("What the tenant allows, for the local page of the agent that asks").Produces<SiteConsents>();

        app.MapPost($"{SiteConsents.Path("{t}", "{site}")}/grant", async (string t, [Description(SiteWords)] string site, SiteConsentChange wanted, Caller caller, CancellationToken cancel) =>
        {
            var page = await PageAsync(module, t, cancel);
            return await ChangeAsync(module, t, site, caller, (consent, now, circumstances) =>
                ConsentAtAgent.Grant(wanted, caller.Id, page, ConsentText.Current, consent, now, circumstances), cancel);
        })
        .Requires(Right.ConsentAtAgent).Idempotent(module)
        .WithName("GrantAtSite").WithSummary("What somebody at the machine of the agent allows, for the whole tenant").Produces<SiteConsents>();

        app.MapPost($"{SiteConsents.Path("{t}", "{site}")}/withdraw", (string t, [Description(SiteWords)] string site, SiteConsentChange wanted, Caller caller, CancellationToken cancel) =>
            ChangeAsync(module, t, site, caller, (consent, now, circumstances) => ConsentAtAgent.Withdraw(wanted, caller.Id, consent, now, circumstances), cancel))
        .Requires(Right.ConsentAtAgent).Idempotent(module)
        .WithName("WithdrawAtSite").WithSummary("What somebody at the machine of the agent takes back, for the whole tenant").Produces<SiteConsents>();
    }

    private static async Task<IResult> ChangeAsync(
        ModuleContext module, string tenant, string site, Caller caller, Func<TenantConsent, DateTimeOffset, Circumstances, Decision<ConsentEvent>> decide, CancellationToken cancel)
    {
        if (caller.Site != site)
            return UnknownSite(site).ToResult();
        var circumstances = Circumstances.Here(module, How.AgentPage, await ReadAccess.ProviderOfAsync(module, tenant, cancel));
        var outcome = await ChangeConsent.RunAsync(module, tenant, (consent, now) => decide(consent, now, circumstances), cancel);
        return outcome.Refusal?.ToResult()
            ?? Results.Ok(ConsentAtAgent.Shown(await Consents.Consents.StandingAsync(module, tenant, cancel), await PageAsync(module, tenant, cancel), ConsentText.Current[0]));
    }

    private static async Task<AgentPage> PageAsync(ModuleContext module, string tenant, CancellationToken cancel)
    {
        await using var session = module.Store.LightweightSession(tenant);
        return (await session.Events.FetchForWriting<AgentPage>(AgentPage.Key(tenant), cancel)).Aggregate;
    }

    private static Refusal UnknownSite(string site) => Refusal.Unknown("unknown-site", $"There is no site '{site}' that this token may see.");
}
