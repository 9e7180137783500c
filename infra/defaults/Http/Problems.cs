using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>Refusals as RFC 9457 problem details, in one place.</summary>
public static class Problems
{
    public const string TypePrefix = "https://fleet.example/problems/", UnknownTenantType = "unknown-tenant";

    /// <param name="members">Further members a program can act on (RFC 9457 §3.2).</param>
    public static IResult ToResult(this Refusal refusal, IReadOnlyDictionary<string, object?>? members = null) => new Answer(
        refusal, Results.Problem(refusal.Detail, statusCode: refusal.Status, title: refusal.Title, type: TypePrefix + refusal.Type, extensions: members));

    // Leaves on the request why it was refused, for who keeps account of it (NoteRefusals).
    private sealed record Answer(Refusal Refusal, IResult Problem) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => Refusal.Status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Features.Set(Refusal);
            return Problem.ExecuteAsync(httpContext);
        }
    }

    /// <summary>The same answer for a tenant that does not exist and for another's: nobody learns who our customers are.</summary>
    public static Refusal UnknownTenant(string tenant) =>
        Refusal.Unknown(UnknownTenantType, $"There is no tenant '{tenant}' that this token may see.") with { Tenant = tenant };

    /// <summary>Only for a tenant of the caller's own provider: whoever else asks is told that there is none.</summary>
    public static Refusal MissingConsent(string tenant, string missing) => Refusal.Forbidden("consent-missing",
        $"'{tenant}' does not allow this: {missing} does not stand. Its customer-admin can give it, at POST /api/v1/tenants/{tenant}/consents/grant or in the portal.")
        with
    { Tenant = tenant, Missing = missing };

    public static Refusal MissingPurpose(Needed needed, IReadOnlyList<string> own) => Refusal.Forbidden("purpose-missing",
        $"This client is registered for {(own.Count == 0 ? "no purpose" : string.Join(" and ", own.Select(purpose => $"'{purpose}'")))}; this is read for {needed.Words} only. Its provider can register one that is.")
        with
    { Missing = string.Join(" or ", needed.AnyOf) };

    public static Refusal MissingRight(Right right) =>
        Refusal.Forbidden("missing-right", $"None of the token's roles allows {right}.") with { Missing = Rights.NameOf(right) };
}
