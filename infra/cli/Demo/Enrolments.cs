using System.Text.Json.Nodes;

namespace Fleet.Cli.Demo;

/// <summary>Lets agents in through the HTTP API, as anyone with the right would.</summary>
public static class Enrolments
{
    /// <param name="keyId">The fingerprint the agent shows; null does not look at it.</param>
    /// <returns>Who was let in: agentId, site, keyId.</returns>
    public static async Task<JsonNode> ApproveAsync(FleetApi api, string userCode, string tenant, string site, string? keyId, CancellationToken stop) =>
        await api.PostAsync($"/api/v1/tenants/{Uri.EscapeDataString(tenant)}/enrolments", new { userCode, site, keyId }, $"enrol-{userCode}-{tenant}-{site}", stop);
}
