using System.Net;
using System.Net.Http.Headers;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;

namespace Fleet.Agent.Granting;

/// <summary>A request to Fleet's API under the agent's own access token.</summary>
internal sealed class CallFleet(AgentConfig config, HttpClient http, TokenSource tokens)
{
    /// <param name="body">Null: none.</param>
    /// <returns>Whatever was answered; a token that was not taken is not shown again.</returns>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    /// <exception cref="TokenRefusedException">The issuer gives no token.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken cancel)
    {
        var token = await tokens.GetAsync(cancel);
        using var request = new HttpRequestMessage(method, AddressOf(path)) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        var answer = await http.SendAsync(request, cancel);
        if (answer.StatusCode == HttpStatusCode.Unauthorized) tokens.Forget(token);
        return answer;
    }

    /// <summary>What is open to all.</summary>
    public Task<string> ReadAsync(string path, CancellationToken cancel) => http.GetStringAsync(AddressOf(path), cancel);

    private Uri AddressOf(string path) => new(new Uri(config.ApiUrl), path);
}
