using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Agent.Granting;

/// <summary>Who a grant must be for.</summary>
public sealed record Grantee(string Agent, string Tenant, string Site);

/// <summary>Whether a grant is one: signed by a key of the set, of the right type, for this agent. Needs no network. Its time is looked at whenever it is used.</summary>
public static class CheckGrant
{
    // A site's clock may be a little behind the issuer's; being ahead of it costs nothing.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private static readonly EdgeJson Lenient = new(new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true });

    /// <param name="keys">RFC 7517 key set.</param>
    /// <returns>The grant, or why it is none.</returns>
    public static async Task<(Grant? Grant, string? Fault)> CheckAsync(string grant, string keys, Grantee grantee)
    {
        var held = await new JsonWebTokenHandler { MaximumTokenSizeInBytes = 64 * 1024 }.ValidateTokenAsync(grant, new TokenValidationParameters
        {
            IssuerSigningKeys = KeysOf(keys),
            ValidTypes = [EdgeGrant.Type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            RequireExpirationTime = true,
            ValidateLifetime = false, // at each use, by the agent's clock
            ValidateAudience = false, // it is for the agent in `sub`
            ValidateIssuer = false, // whoever holds the key
        });
        if (!held.IsValid)
            return (null, $"the grant does not hold: {held.Exception?.GetType().Name.Replace("SecurityToken", "", StringComparison.Ordinal).Replace("Exception", "", StringComparison.Ordinal)}");
        try
        {
            var payload = JsonSerializer.Deserialize(Base64UrlEncoder.Decode(((JsonWebToken)held.SecurityToken).EncodedPayload), Lenient.EdgeGrant)!;
            return (payload.Agent, payload.TenantId, payload.Site) == (grantee.Agent, grantee.Tenant, grantee.Site)
                ? (Grant.Of(payload, Skew), null)
                : (null, $"the grant is for agent {payload.Agent} of {payload.TenantId}/{payload.Site}, not for this one");
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentOutOfRangeException)
        {
            return (null, $"the grant cannot be read: {wrong.Message}");
        }
    }

    private static IList<SecurityKey> KeysOf(string keys)
    {
        try
        {
            return new JsonWebKeySet(keys).GetSigningKeys();
        }
        catch (ArgumentException)
        {
            return [];
        }
    }
}
