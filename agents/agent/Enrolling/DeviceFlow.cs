using System.Net;
using Fleet.Agent.Publishing;
using Fleet.Agent.Signing;

namespace Fleet.Agent.Enrolling;

// key -> device code -> a person -> tokens (RFC 8628)

/// <summary>What a person needs in order to let this agent in.</summary>
/// <param name="UserCode"><c>BCDF-GHJK</c>.</param>
/// <param name="Address">The page that says what to do.</param>
/// <param name="AddressWithCode">The same with the code in it.</param>
/// <param name="KeyId">The fingerprint to compare.</param>
/// <param name="Until">After that the code is void.</param>
internal sealed record Invitation(string UserCode, string Address, string AddressWithCode, string KeyId, DateTimeOffset Until);

/// <summary>It did not come to an enrolment; the message is one line and says what to do.</summary>
internal sealed class NotEnrolledException(string message) : Exception(message);

/// <summary>Asks to be let in, and waits for the answer as the issuer says (RFC 8628 §3.5).</summary>
internal sealed class DeviceFlow(string api, AgentKey key, AskIssuer issuer, TimeProvider clock)
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
    private static readonly TimeSpan Slower = TimeSpan.FromSeconds(5);

    private readonly Uri origin = new(api);
    private string deviceCode = "";
    private TimeSpan interval;

    /// <exception cref="NotEnrolledException">The issuer refused.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<Invitation> AskAsync(CancellationToken cancel)
    {
        var answer = await issuer.PostAsync(new(origin, "/oauth/device_authorization"), key, [new("client_id", RenewEnrolment.ClientId)], cancel);
        if (answer is not { DeviceCode: { } code, UserCode: { } shown, VerificationUri: { } address })
            throw new NotEnrolledException(answer.Error is null ? $"{api} does not answer as Fleet does ({(int)answer.Status}): check --api" : $"{api} gives no code: {answer.Refused().Message}");
        (deviceCode, interval) = (code, TimeSpan.FromSeconds(Math.Clamp(answer.Interval ?? 5, 1, 60)));
        return new(shown, address, answer.VerificationUriComplete ?? address, key.Id, clock.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresIn ?? 900));
    }

    /// <returns>The first tokens, on nobody's disk yet.</returns>
    /// <exception cref="NotEnrolledException">Denied, too late, or refused.</exception>
    public async Task<Enrolment> WaitAsync(Invitation invitation, Action<string> say, CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(interval, clock, cancel);
            if (await AnswerAsync(invitation, say, cancel) is not { } answer) continue;
            switch (answer)
            {
                case { AccessToken: not null, RefreshToken: { } refresh, Tenant: { } tenant, Site: { } site, Agent: { } agent }:
                    return new(api, tenant, site, agent, key.Id, refresh, clock.GetUtcNow());
                case { Error: "authorization_pending" }: break;
                case { Error: "slow_down" }: interval += Slower; break;
                case { Error: "access_denied" }: throw new NotEnrolledException("somebody denied the code: this agent is not let in. Ask who looks after this site, then run fleet-agent enrol again");
                case { Error: "expired_token" }: throw Late();
                case { Error: "invalid_grant" }: throw new NotEnrolledException("the code is of no use any more (its answer may have got lost on the way): run fleet-agent enrol again");
                default: throw new NotEnrolledException($"{api} gives no token: {answer.Refused().Message}");
            }
        }
    }

    private static NotEnrolledException Late() => new("nobody approved the code in time: run fleet-agent enrol again");

    // Null when there was no answer: the network, or the service behind its gateway, may go and come back while a person looks for his telephone.
    private async Task<IssuerAnswer?> AnswerAsync(Invitation invitation, Action<string> say, CancellationToken cancel)
    {
        string why;
        try
        {
            var answer = await issuer.PostAsync(new(origin, "/oauth/token"), key, [new("grant_type", DeviceGrant), new("client_id", RenewEnrolment.ClientId), new("device_code", deviceCode)], cancel);
            if (answer.Status is not (>= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests)) return answer;
            why = $"cannot answer at the moment ({(int)answer.Status})";
        }
        catch (HttpRequestException away)
        {
            why = $"cannot be reached ({away.Message})";
        }
        if (clock.GetUtcNow() >= invitation.Until) throw Late();
        say($"{api} {why}; trying on");
        return null;
    }
}
