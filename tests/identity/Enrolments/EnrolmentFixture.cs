using System.Net.Http.Json;
using System.Text.Json;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>A running identity with two customers of one dealer, each with a site, and people of every role.</summary>
public abstract class EnrolmentFixture
{
    internal RunningIdentity Running { get; private set; } = null!;

    /// <summary>The customer's own administrator.</summary>
    internal HttpClient Boss { get; private set; } = null!;

    internal HttpClient Dealer { get; private set; } = null!;

    [SetUp]
    public async Task Start()
    {
        Running = await StartAsync(
            Client("dealer", "provider-admin", provider: "demo-dealer"), Client("technician", "technician", provider: "demo-dealer"), Client("billing", "billing", provider: "demo-dealer"),
            Client("boss", "customer-admin", tenant: "acme"), Client("viewer", "customer-viewer", tenant: "acme"), Client("globex-boss", "customer-admin", tenant: "globex"),
            Client("stranger", "provider-admin", provider: "other-dealer"));
        using (var first = await Running.AsAsync("dealer"))
        {
            foreach (var tenant in new[] { "acme", "globex" })
            {
                (await first.PostAsJsonAsync("/api/v1/tenants", new { tenantId = tenant, name = tenant })).EnsureSuccessStatusCode();
                (await first.PostAsJsonAsync($"/api/v1/tenants/{tenant}/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
            }
        }
        Dealer = await Running.AsAsync("dealer");
        Boss = await Running.AsAsync("boss");
    }

    [TearDown]
    public async Task Stop()
    {
        Boss.Dispose();
        Dealer.Dispose();
        await Running.DisposeAsync();
    }

    internal static async Task<(int Status, string? AgentId)> ApproveAsync(HttpClient person, string userCode, string tenant = "acme", string site = "hq")
    {
        using var answer = await person.PostAsJsonAsync($"/api/v1/tenants/{tenant}/enrolments", new { userCode, site });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)answer.StatusCode, body.TryGetProperty("agentId", out var id) ? id.GetString() : null);
    }
}
