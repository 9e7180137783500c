using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Granting;

// somebody at the local page -> consent service, under the agent's own token: what the customer allows for all its sites

/// <summary>What came of asking: what stands, or why it is not known.</summary>
internal sealed record ConsentsSaid(SiteConsents? Consents, string? Trouble);

/// <summary>
/// Passes on what somebody at this machine gives or takes back for the whole customer. It is the way to the customer's consents, not a copy of them: nothing of it is kept here, and what an
/// agent may ask is still in its signed grant alone.
/// </summary>
internal sealed class AskConsents(AgentConfig config, HttpClient http, TokenSource tokens, Action changed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CallFleet fleet = new(config, http, tokens);

    private string Path => SiteConsents.Path(config.Tenant, config.Site);

    public Task<ConsentsSaid> ShowAsync(string language, CancellationToken cancel) => AskAsync(HttpMethod.Get, $"{Path}?language={Uri.EscapeDataString(language)}", null, cancel);

    public async Task<ConsentsSaid> ChangeAsync(bool grant, SiteConsentChange change, CancellationToken cancel)
    {
        var said = await AskAsync(HttpMethod.Post, $"{Path}/{(grant ? "grant" : "withdraw")}", change, cancel);
        if (said.Trouble is null) changed();
        return said;
    }

    private async Task<ConsentsSaid> AskAsync(HttpMethod method, string path, SiteConsentChange? body, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var answer = await fleet.SendAsync(method, path, body is null ? null : JsonContent.Create(body, SiteConsentsJson.Default.SiteConsentChange), patience.Token);
            return answer.IsSuccessStatusCode
                ? new(await answer.Content.ReadFromJsonAsync(SiteConsentsJson.Default.SiteConsents, patience.Token), null)
                : new(null, await WhyAsync(answer, patience.Token));
        }
        catch (Exception away) when (away is HttpRequestException or TokenRefusedException or JsonException or ConfigException || (away is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return new(null, $"Fleet cannot be asked: {(away is OperationCanceledException ? "no answer in time" : away.Message)}");
        }
    }

    private static async Task<string> WhyAsync(HttpResponseMessage answer, CancellationToken cancel) =>
        answer.Content.Headers.ContentType?.MediaType == "application/problem+json" && await answer.Content.ReadFromJsonAsync(SiteConsentsJson.Default.ConsentProblem, cancel) is { Detail: { } detail }
            ? detail
            : $"Fleet answered {(int)answer.StatusCode}";
}

internal sealed record ConsentProblem(string? Detail);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SiteConsents))]
[JsonSerializable(typeof(SiteConsentChange))]
[JsonSerializable(typeof(ConsentProblem))]
internal sealed partial class SiteConsentsJson : JsonSerializerContext;
