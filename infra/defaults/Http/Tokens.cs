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
            // How soon a key nobody knew, or an issuer that was away, is asked for again. (Five minutes by default: too long after a start.)
            bearer.RefreshInterval = TimeSpan.FromSeconds(5);
            // A new key is published a quarter of an hour before it signs: whoever looks this often knows it by then, and soon knows when one is gone.
            bearer.AutomaticRefreshInterval = TimeSpan.FromMinutes(5);
            bearer.Events = new JwtBearerEvents { OnMessageReceived = AskIssuerAsync, OnChallenge = Answer503WhenIssuerIsAwayAsync };
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

    /// <summary>The issuer's keys cannot be had, and never could since this process started: nothing can be said of any token.</summary>
    private sealed class IssuerAwayException(Exception inner) : Exception("The issuer of access tokens does not answer", inner);

    // Validation without keys would end in 401, and a client told 401 throws a good token away.
    private static async Task AskIssuerAsync(MessageReceivedContext context)
    {
        if (context.Options.ConfigurationManager is not { } issuer || context.Request.Headers.Authorization.Count == 0)
            return;
        try
        {
            await issuer.GetConfigurationAsync(context.HttpContext.RequestAborted); // kept once it was there
        }
        catch (InvalidOperationException e)
        {
            context.Fail(new IssuerAwayException(e));
        }
    }

    private static Task Answer503WhenIssuerIsAwayAsync(JwtBearerChallengeContext context)
    {
        if (context.AuthenticateFailure is not IssuerAwayException)
            return Task.CompletedTask;
        context.HandleResponse();
        context.Response.Headers.RetryAfter = "5";
        return new Refusal(503, "issuer-away", "Tokens cannot be checked", "The issuer of access tokens does not answer; try again in a few seconds.")
            .ToResult().ExecuteAsync(context.HttpContext);
    }
}
