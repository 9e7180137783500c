namespace Fleet.Contracts.Edge.V1;

/// <summary>What an agent's local page shows of its tenant's consents: <c>GET /api/v1/tenants/{tenant}/sites/{site}/consents</c>.</summary>
/// <param name="MayGrant">The tenant lets consents be given at the agents' pages; taking them back is always possible there.</param>
/// <param name="Names">Every name there is, each with whether it stands for the whole tenant.</param>
public sealed record SiteConsents(string TenantId, bool MayGrant, SiteConsentText Text, IReadOnlyList<SiteConsentName> Names)
{
    public static string Path(string tenant, string site) => $"/api/v1/tenants/{tenant}/sites/{site}/consents";
}

/// <summary>The text that is agreed to.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Hash">SHA-256 of the text in UTF-8, lower-case hex.</param>
public sealed record SiteConsentText(string Version, string Language, string Hash, string Text);

/// <summary>One name a consent can be about.</summary>
/// <param name="Kind"><c>purpose</c>, <c>feature</c> or <c>field-group</c>.</param>
public sealed record SiteConsentName(string Kind, string Name, bool Stands);

/// <summary>What somebody at the machine of an agent gives or takes back: <c>POST …/consents/grant</c>, <c>…/consents/withdraw</c>. Who that is, is not asked.</summary>
/// <param name="Text">Which text was shown; a grant without it is refused.</param>
public sealed record SiteConsentChange(
    IReadOnlyList<string> Purposes, IReadOnlyList<string> Features, IReadOnlyList<string> FieldGroups, ShownConsentText? Text = null);

/// <summary>The text that was on the screen, as <see cref="SiteConsentText"/> told it.</summary>
public sealed record ShownConsentText(string Version, string Language, string Hash);
