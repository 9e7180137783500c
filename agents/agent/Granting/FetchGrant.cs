using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Granting;

/// <summary>What the consent service says to an agent that asks for its site's grant.</summary>
public abstract record GrantReply
{
    public sealed record Given(SignedGrant Grant) : GrantReply;

    /// <summary>Another agent has the site.</summary>
    public sealed record Held(string By, TimeSpan Lasting) : GrantReply;
}

/// <summary>The grant as signed, and the keys to check it with.</summary>
/// <param name="Since">When this agent took the site, by the service's clock.</param>
/// <param name="AnotherWaits">Another agent is at the site and would take over.</param>
public sealed record SignedGrant(string Grant, string Keys, DateTimeOffset Since = default, bool AnotherWaits = false);

/// <summary>Asks the consent service for this site's grant, under the agent's own access token.</summary>
public sealed class FetchGrant(AgentConfig config, HttpClient http, TokenSource tokens)
{
    private readonly CallFleet fleet = new(config, http, tokens);

    /// <exception cref="HttpRequestException">It cannot be reached, or says no.</exception>
    /// <exception cref="TokenRefusedException">The issuer gives no token.</exception>
    public async Task<GrantReply> AskAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await fleet.SendAsync(HttpMethod.Get, EdgeGrant.Path(config.Tenant, config.Site), null, cancel);
            if (answer.StatusCode == HttpStatusCode.Conflict) return await HeldAsync(answer, cancel);
            answer.EnsureSuccessStatusCode();
            var grant = await answer.Content.ReadFromJsonAsync(GrantAnswerJson.Default.GrantAnswer, cancel) ?? throw new HttpRequestException("an answer without a grant");
            return new GrantReply.Given(new(grant.Grant, await fleet.ReadAsync(EdgeGrant.KeysPath, cancel), grant.Since, grant.AnotherWaits));
        }
        catch (OperationCanceledException silent) when (!cancel.IsCancellationRequested)
        {
            throw new HttpRequestException("no answer in time", silent);
        }
        catch (JsonException wrong)
        {
            throw new HttpRequestException($"an answer that is no grant: {wrong.Message}", wrong);
        }
    }

    private static async Task<GrantReply> HeldAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var problem = await answer.Content.ReadFromJsonAsync(GrantAnswerJson.Default.GrantProblem, cancel);
        return problem is { Agent: { } by, HeldSeconds: { } seconds and >= 0 and < 1e9 } && problem.Type?.EndsWith($"/{EdgeGrant.SiteHeld}", StringComparison.Ordinal) is true
            ? new GrantReply.Held(by, TimeSpan.FromSeconds(seconds))
            : throw new HttpRequestException($"409 {problem?.Detail ?? problem?.Type}");
    }
}

internal sealed record GrantAnswer(string Grant, DateTimeOffset Since, bool AnotherWaits);

internal sealed record GrantProblem(string? Type, string? Detail, string? Agent, double? HeldSeconds);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GrantAnswer))]
[JsonSerializable(typeof(GrantProblem))]
internal sealed partial class GrantAnswerJson : JsonSerializerContext;
