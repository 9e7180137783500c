using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Demo;

/// <summary>An identity of the demo: who `./fleet token --as` can be, and the two agents.</summary>
/// <param name="Role">A role of infra/defaults' table of rights, or <c>agent</c>.</param>
public sealed record DemoClient(string ClientId, string Role, string? Provider = null, string? Tenant = null, string? Site = null, string? Agent = null)
{
    public const string Dealer = "demo-dealer";

    public static readonly IReadOnlyList<DemoClient> People =
    [
        new("provider-admin", "provider-admin", Provider: Dealer),
        new("billing", "billing", Provider: Dealer),
        new("technician", "technician", Provider: Dealer),
        new("acme-admin", "customer-admin", Tenant: "acme"),
        new("acme-viewer", "customer-viewer", Tenant: "acme"),
        new("globex-admin", "customer-admin", Tenant: "globex"),
        new("integrator", "integrator", Provider: Dealer)
    ];

    public static readonly IReadOnlyList<DemoClient> Agents =
    [
        new("acme-hq", "agent", Tenant: "acme", Site: "hq", Agent: "acme-hq"),
        new("globex-hq", "agent", Tenant: "globex", Site: "hq", Agent: "globex-hq")
    ];

    /// <summary>
    /// Makes each client's secret (its own file) and clients.json, which identity reads and which holds hashes only:
    /// a list of {clientId, secretHash, role, provider, tenant, site, agent}.
    /// </summary>
    /// <param name="withAgents">The agents log in with secrets, too, instead of being enrolled: for containers, where nobody could show a code to anybody.</param>
    /// <returns>Path of clients.json.</returns>
    public static string Write(StateDirectory directory, bool withAgents = false)
    {
        var file = Path.Combine(directory.Secrets, "clients.json");
        if (File.Exists(file))
            return file;
        var clients = People.Concat(withAgents ? Agents : []).Select(client => new
        {
            client.ClientId,
            SecretHash = Secret.Hash(PrivateFile.ReadOrCreate(directory.SecretOf(client.ClientId), Secret.New)),
            client.Role,
            client.Provider,
            client.Tenant,
            client.Site,
            client.Agent
        });
        PrivateFile.Write(file, JsonSerializer.Serialize(clients, Json) + "\n");
        return file;
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
