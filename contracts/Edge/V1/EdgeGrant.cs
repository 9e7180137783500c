using System.Text.Json.Serialization;

namespace Fleet.Contracts.Edge.V1;

/// <summary>
/// What an agent may ask its devices, derived from the customer's consents: the payload of a JWS (RFC 7515, compact, ES256) signed by the consent service. It can be checked without a
/// network, and ends by itself.
/// </summary>
/// <param name="Id">Claim <c>jti</c>, <c>{version of the consents}-{UUID v7}</c>: which consents it comes from can be told from it. Events carry it as <c>grantid</c>.</param>
/// <param name="Issuer">Claim <c>iss</c>.</param>
/// <param name="Agent">Claim <c>sub</c>: the agent's id.</param>
/// <param name="Purposes">Purposes that stand; with none of them nothing may be asked, and <paramref name="FieldGroups"/> is empty.</param>
/// <param name="FieldGroups">DESIGN.md §4; only these may be asked.</param>
/// <param name="IssuedAt">Claim <c>iat</c>, seconds since 1970.</param>
/// <param name="ExpiresAt">Claim <c>exp</c>, seconds since 1970; from then on nothing may be asked.</param>
public sealed record EdgeGrant(
    [property: JsonPropertyName("jti")] string Id,
    [property: JsonPropertyName("iss")] string Issuer,
    [property: JsonPropertyName("sub")] string Agent,
    [property: JsonPropertyName("tenantid")] string TenantId,
    [property: JsonPropertyName("site")] string Site,
    [property: JsonPropertyName("purposes")] IReadOnlyList<string> Purposes,
    [property: JsonPropertyName("fieldgroups")] IReadOnlyList<string> FieldGroups,
    [property: JsonPropertyName("iat")] long IssuedAt,
    [property: JsonPropertyName("exp")] long ExpiresAt)
{
    /// <summary>JWS header <c>typ</c>: an access token is no grant, nor the other way round.</summary>
    public const string Type = "fleet-grant+jwt";

    public static string Path(string tenant, string site) => $"/api/v1/tenants/{tenant}/sites/{site}/grant";

    /// <summary>
    /// Last part of the problem type an agent gets instead (409) while another agent has the site. Members: <c>agent</c>, who that is, and <c>heldSeconds</c>, for how long it has had it, with its fraction.
    /// </summary>
    public const string SiteHeld = "site-held";

    /// <summary>RFC 7517 key set grants are checked with; public.</summary>
    public const string KeysPath = "/.well-known/fleet-grant-keys";
}
