using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Defaults;

/// <summary>Access tokens (RFC 9068) of the issuer in <c>FLEET_ISSUER</c>, verified against its published keys.</summary>
internal static class Tokens
{
    public const string Audience = "fleet";

    public static void AddFleetTokens(this IServiceCollection services, IConfiguration settings)
    {
        var issuer = ModuleSettings.Required(settings, "FLEET_ISSUER");
        services.AddAuthorization();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(bearer =>
        {
            bearer.Authority = issuer;
            bearer.MetadataAddress = $"{settings["FLEET_ISSUER_METADATA"] ?? issuer}/.well-known/openid-configuration";
            bearer.RequireHttpsMetadata = !new Uri(bearer.MetadataAddress).IsLoopback && settings["FLEET_ALLOW_HTTP_ISSUER"] != "true";
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = issuer,
                ValidAudience = Audience,
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ClockSkew = TimeSpan.FromSeconds(30),
                NameClaimType = "sub",
                RoleClaimType = "roles",
            };
        });
    }
}
