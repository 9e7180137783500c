using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.Agents;

/// <summary>
/// The broker's management API, seen with the eyes of the login in question: a token of its own name, for this errand, lets one see and close its connections and nobody else's. So
/// no service needs an administrator's login to cut off an agent.
/// </summary>
public sealed class BrokerConnections(HttpClient management, AccessTokens tokens)
{
    /// <summary>Base address of the management API, <c>http://rabbitmq:15672</c>.</summary>
    public const string Setting = "FLEET_RABBITMQ_MANAGEMENT";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), Errand = TimeSpan.FromMinutes(1);

    private sealed record Connection([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("user")] string User);

    /// <summary>Null when nobody said where the management API is: then a revoked agent is cut off when its token ends.</summary>
    public static BrokerConnections? Of(ModuleContext module) => module.Settings[Setting] is { Length: > 0 } address
        ? new(new HttpClient { BaseAddress = new(address), Timeout = Patience }, new(module.Settings["FLEET_ISSUER"]!, SigningKeys.Of(module), module.Clock))
        : null;

    /// <param name="why">What the agent is told.</param>
    /// <returns>How many were closed.</returns>
    /// <exception cref="HttpRequestException">The broker does not answer, or refuses.</exception>
    /// <exception cref="System.Text.Json.JsonException">What answers is no broker: a proxy's page, half an answer.</exception>
    public async Task<int> CloseAsync(string login, string why, CancellationToken cancel)
    {
        var asLogin = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{Token(login)}")));
        using var asked = await SendAsync(HttpMethod.Get, "/api/connections", asLogin, why, cancel);
        var closed = 0;
        foreach (var connection in (await asked.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Connection?[]>(cancel) ?? []).OfType<Connection>().Where(one => one.User == login))
        {
            using var answer = await SendAsync(HttpMethod.Delete, $"/api/connections/{Uri.EscapeDataString(connection.Name)}", asLogin, why, cancel);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                continue;   // it has just ended by itself
            answer.EnsureSuccessStatusCode();
            closed++;
        }
        return closed;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, AuthenticationHeaderValue asLogin, string why, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = asLogin;
        request.Headers.Add("X-Reason", why);
        return await management.SendAsync(request, cancel);
    }

    private string Token(string login) => tokens.Sign(new(login, login, Role: "none", Tenants: [], Provider: null, Site: null, [EdgeAccess.Audience], ["rabbitmq.tag:management"]), Errand);
}
