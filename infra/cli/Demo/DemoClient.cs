using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Demo;

/// <summary>An identity of the demo: who `./fleet token --as` can be, and the two agents.</summary>
/// <param name="Role">A role of infra/defaults' table of rights, or <c>agent</c>.</param>
public sealed record DemoClient(string ClientId, string Role, string? Provider = null, string? Tenant = null, string? Site = null, string? Agent = null, IReadOnlyList<string>? Purposes = null)
{
    public const string Dealer = "demo-dealer";

    public static readonly IReadOnlyList<DemoClient> People =
    [
        new("provider-admin", "provider-admin", Provider: Dealer),
        new("billing", "billing", Provider: Dealer),
        new("technician", "technician", Provider: Dealer),
        new("viewer", "viewer", Provider: Dealer),
        new("acme-admin", "customer-admin", Tenant: "acme"),
        new("acme-viewer", "customer-viewer", Tenant: "acme"),
        new("globex-admin", "customer-admin", Tenant: "globex"),
        new("integrator", "integrator", Provider: Dealer, Purposes: ["fleet-management"]),
        new("operator", "platform-operator")
    ];

    /// <summary>What people sign in through: on this machine, at any port.</summary>
    private const string Portal = "fleet-portal", PortalBack = "http://127.0.0.1/signed-in";

    public static readonly IReadOnlyList<DemoClient> Agents =
    [
        new("acme-hq", "agent", Tenant: "acme", Site: "hq", Agent: "acme-hq"),
        new("globex-hq", "agent", Tenant: "globex", Site: "hq", Agent: "globex-hq")
    ];

    /// <summary>
    /// Makes each client's secret (its own file) and clients.json, which identity reads and which holds hashes only: a list of {clientId, secretHash, role, provider, tenant, site, agent}, and the portal
    /// with its redirectUris. What is in the file stays as it is; what a newer version knows besides is added.
    /// </summary>
    /// <param name="withAgents">The agents log in with secrets, too, instead of being enrolled: for containers, where nobody could show a code to anybody.</param>
    /// <returns>Path of clients.json.</returns>
    public static string Write(StateDirectory directory, bool withAgents = false)
    {
        var file = Path.Combine(directory.Secrets, "clients.json");
        var entries = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file))!.AsArray() : [];
        var known = entries.Select(entry => entry!["clientId"]!.GetValue<string>()).ToHashSet();
        var missing = People.Concat(withAgents ? Agents : []).Where(client => !known.Contains(client.ClientId)).Select(client => JsonSerializer.SerializeToNode(new
        {
            client.ClientId,
            SecretHash = Secret.Hash(PrivateFile.ReadOrCreate(directory.SecretOf(client.ClientId), Secret.New)),
            client.Role,
            client.Provider,
            client.Tenant,
            client.Site,
            client.Agent,
            client.Purposes
        }, Json)).ToList();
        if (!known.Contains(Portal))
            missing.Add(JsonSerializer.SerializeToNode(new { ClientId = Portal, RedirectUris = new[] { PortalBack } }, Json));
        if (missing.Count == 0)
            return file;
        missing.ForEach(entries.Add);
        PrivateFile.Write(file, entries.ToJsonString(Json) + "\n");
        return file;
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
