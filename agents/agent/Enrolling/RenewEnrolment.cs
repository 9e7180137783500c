using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Agent.Signing;

namespace Fleet.Agent.Enrolling;

// enrolment.json -> refresh token and proof -> issuer -> new refresh token on disk -> access token

/// <summary>
/// An enrolled agent's tokens (RFC 6749 §6, bound to its key by RFC 9449 §5). The new refresh token is on disk before its access token is used; an answer that got lost before that is asked for again with the old one.
/// </summary>
internal sealed class RenewEnrolment(AgentConfig config, AgentKey key, AskIssuer issuer, TimeProvider clock, AgentLog log)
{
    public const string ClientId = "fleet-agent";

    /// <exception cref="TokenRefusedException">It is no longer enrolled, or its proof is refused.</exception>
    /// <exception cref="ConfigException">It was never enrolled, or as another agent.</exception>
    public async Task<AccessToken> AskAsync(CancellationToken cancel)
    {
        // Read each time: enrolled anew, an agent needs no restart.
        var held = Enrolment.Of(config);
        if (held.KeyId != key.Id) throw new ConfigException($"{config.StateDir}: this agent was enrolled with another key ({held.KeyId}): run fleet-agent enrol");
        var answer = await issuer.PostAsync(new(config.TokenUrl), key, [new("grant_type", "refresh_token"), new("client_id", ClientId), new("refresh_token", held.RefreshToken)], cancel);
        var token = answer.Token(clock.GetUtcNow());
        if (answer.RefreshToken is { } next) Keep(held with { RefreshToken = next });
        return token;
    }

    // No room for the new one: the old one gives another as long as the new one was not shown.
    private void Keep(Enrolment renewed)
    {
        try
        {
            renewed.Write(config.StateDir);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            log.Warn($"stateDir: the next refresh token cannot be kept: {full.Message}; the one that is kept is shown again until there is room");
        }
    }
}
