using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Granting;

/// <summary>The grant as signed, and the keys to check it with.</summary>
public sealed record SignedGrant(string Grant, string Keys);

/// <summary>Asks the consent service for this site's grant, under the agent's own access token.</summary>
public sealed class FetchGrant(AgentConfig config, HttpClient http, TokenSource tokens)
{
    private sealed record Answer(string Grant);

    /// <exception cref="HttpRequestException">It cannot be reached, or says no.</exception>
    /// <exception cref="TokenRefusedException">The issuer gives no token.</exception>
    public async Task<SignedGrant> AskAsync(CancellationToken cancel)
    {
        var token = await tokens.GetAsync(cancel);
        var api = new Uri(config.ApiUrl);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api, EdgeGrant.Path(config.Tenant, config.Site)));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        try
        {
            using var answer = await http.SendAsync(request, cancel);
            if (answer.StatusCode == HttpStatusCode.Unauthorized) tokens.Forget(token);
            answer.EnsureSuccessStatusCode();
            var grant = await answer.Content.ReadFromJsonAsync<Answer>(cancel) ?? throw new HttpRequestException("an answer without a grant");
            return new(grant.Grant, await http.GetStringAsync(new Uri(api, EdgeGrant.KeysPath), cancel));
        }
        catch (OperationCanceledException silent) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException("no answer in time", silent);
        }
        catch (System.Text.Json.JsonException wrong)
        {
            throw new HttpRequestException($"an answer that is no grant: {wrong.Message}", wrong);
        }
    }
}
