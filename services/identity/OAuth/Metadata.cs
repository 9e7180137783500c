// FLEET_IDENTITY_KEY, FLEET_ISSUER -> GET /oauth/jwks, /.well-known/openid-configuration, /.well-known/oauth-authorization-server
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Fleet.Identity.Enrolments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 8414 and OpenID Connect Discovery §3, only what exists.</summary>
public sealed record ServerMetadata(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("authorization_endpoint")] string AuthorizationEndpoint,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("grant_types_supported")] IReadOnlyList<string> GrantTypes,
    [property: JsonPropertyName("token_endpoint_auth_methods_supported")] IReadOnlyList<string> AuthMethods,
    [property: JsonPropertyName("token_endpoint_auth_signing_alg_values_supported")] IReadOnlyList<string> AuthAlgorithms,
    [property: JsonPropertyName("scopes_supported")] IReadOnlyList<string> Scopes,
    [property: JsonPropertyName("device_authorization_endpoint")] string DeviceAuthorizationEndpoint,
    [property: JsonPropertyName("revocation_endpoint")] string RevocationEndpoint,
    [property: JsonPropertyName("revocation_endpoint_auth_methods_supported")] IReadOnlyList<string> RevocationAuthMethods,
    [property: JsonPropertyName("dpop_signing_alg_values_supported")] IReadOnlyList<string> DpopAlgorithms,
    [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
    [property: JsonPropertyName("response_modes_supported")] IReadOnlyList<string> ResponseModes,
    [property: JsonPropertyName("code_challenge_methods_supported")] IReadOnlyList<string> ChallengeMethods,
    [property: JsonPropertyName("authorization_response_iss_parameter_supported")] bool AnswersWithIssuer,
    [property: JsonPropertyName("request_parameter_supported")] bool RequestParameter,
    [property: JsonPropertyName("request_uri_parameter_supported")] bool RequestUriParameter,
    [property: JsonPropertyName("prompt_values_supported")] IReadOnlyList<string> Prompts,
    [property: JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
    [property: JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> IdTokenAlgorithms,
    [property: JsonPropertyName("claims_supported")] IReadOnlyList<string> Claims)
{
    /// <param name="browsers">Origin under which browsers reach the issuer.</param>
    public static ServerMetadata Of(string issuer, string browsers) => new(
        issuer, browsers + Authorize.Path, issuer + IssueTokenRoute.Path, $"{issuer}/oauth/jwks",
        [TokenRequest.AuthorizationCode, TokenRequest.ClientCredentials, AgentClient.DeviceCode, AgentClient.RefreshToken], ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"], [SecurityAlgorithms.EcdsaSha256],
        ReadAuthorization.Scopes,
        issuer + AskEnrolmentRoute.Path, issuer + RevokeToken.Path, ["none"], [SecurityAlgorithms.EcdsaSha256],
        ["code"], ["query"], ["S256"], AnswersWithIssuer: true, RequestParameter: false, RequestUriParameter: false,
        ["none", "login"], ["public"], [SecurityAlgorithms.EcdsaSha256], ["iss", "aud", "sub", "iat", "exp", "auth_time", "amr", "sid", "nonce", "name", "email"]);
}

public static class Metadata
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var keys = SigningKeys.Of(module);
        var metadata = ServerMetadata.Of(module.Settings["FLEET_ISSUER"]!, Origins.Of(module.Settings).Public);

        Publish(app, "/oauth/jwks", "GetKeys", "The public keys access tokens are signed with, will be, or were (RFC 7517)", () => keys.Published);
        Publish(app, "/.well-known/openid-configuration", "GetIssuerMetadata", "Where the issuer of access tokens does what", () => metadata);
        Publish(app, "/.well-known/oauth-authorization-server", "GetAuthorizationServerMetadata", "The same under the name of RFC 8414", () => metadata);
    }

    private static void Publish<T>(IEndpointRouteBuilder app, string path, string name, string summary, Func<T> document) =>
        app.MapGet(path, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = KeySet.Keepable;
            return Results.Json(document());
        }).WithName(name).WithSummary(summary).Produces<T>();
}
