// POST /oauth/token -> by grant_type and client: ClientCredentials | PersonGrants | AgentGrants -> who gets which token
using Fleet.Defaults;
using Fleet.Identity.Audit;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <param name="Refresh">For an enrolled agent or a person's client: the next refresh token.</param>
/// <param name="Who">Of a person whose client asked for an ID token.</param>
public sealed record Granted(Claims Claims, string? Refresh = null, IdClaims? Who = null);

/// <summary>Which grant a request is.</summary>
internal sealed class Grants(ModuleContext module, string virtualHost, PersonKeys people)
{
    private readonly ClientCredentialsGrant _clients = new(module, virtualHost);
    private readonly AgentGrants _agents = new(module, virtualHost);
    private readonly PersonGrants _people = new(module, people);

    private readonly RecordRefusals _refusals = RecordRefusals.Of(module);

    public async Task<(Granted? Granted, TokenError? Error)> AnswerAsync(HttpRequest http, CancellationToken cancel)
    {
        var (form, wrong) = await OAuthForm.ReadAsync(http, cancel);
        if (form is null)
            return (null, wrong);
        var (granted, error) = await AnswerAsync(http, form, cancel);
        if (error is not null)
            await _refusals.AddAsync(TokenRequest.ClientOf(http.Headers.Authorization is [var header, ..] ? header : null, form), form.Field("grant_type"), error, cancel);
        return (granted, error);
    }

    private Task<(Granted? Granted, TokenError? Error)> AnswerAsync(HttpRequest http, OAuthForm form, CancellationToken cancel) => (form.Field("grant_type"), form.Field("client_id")) switch
    {
        (AgentClient.DeviceCode, _) or (AgentClient.RefreshToken, AgentClient.Id) => _agents.AnswerAsync(http, form, cancel),
        (TokenRequest.AuthorizationCode or AgentClient.RefreshToken, _) => _people.AnswerAsync(http, form, cancel),
        _ => _clients.AnswerAsync(http, form, cancel),
    };
}
