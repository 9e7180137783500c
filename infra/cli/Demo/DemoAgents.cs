using System.Text.Json;
using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Demo;

/// <summary>A printer as the simulator's manifest lists it.</summary>
public sealed record ManifestPrinter(string Tenant, string Address, int Port, string Community, string Serial, string Model);

/// <param name="IsEnrolled">It has what it logs in with.</param>
public sealed record DemoAgent(DemoClient Client, string ConfigFile, int Targets, bool IsEnrolled);

/// <summary>The configuration files of the two demo agents; each is told its own tenant's printers only.</summary>
public static class DemoAgents
{
    private const int FirstPage = 9631;      // local pages of the agents, one port each; a taken one costs the page only

    /// <param name="url">Of the API, whose issuer gives the agents their tokens.</param>
    /// <param name="manifest">The simulator's list of printers.</param>
    public static IReadOnlyList<DemoAgent> Configure(StateDirectory directory, string url, string manifest, AgentDoor broker)
    {
        var printers = JsonSerializer.Deserialize<List<ManifestPrinter>>(File.ReadAllText(manifest), Json)!;
        return [.. DemoClient.Agents.Select((client, number) => Configure(client, FirstPage + number, printers, directory, new Uri(url), broker))];
    }

    private static DemoAgent Configure(DemoClient client, int page, IReadOnlyList<ManifestPrinter> printers, StateDirectory directory, Uri url, AgentDoor broker)
    {
        var home = PrivateFile.CreateDirectory(directory.Agent(client.ClientId));
        var targets = printers.Where(printer => printer.Tenant == client.Tenant).Select(printer => new { printer.Address, printer.Port, printer.Community }).ToList();
        var file = Path.Combine(home, "config.json");
        // Containers, and states made before agents were enrolled.
        var secret = directory.SecretOf(client.ClientId) is var kept && File.Exists(kept) ? kept : null;
        PrivateFile.Write(file, JsonSerializer.Serialize(new
        {
            client.Tenant,
            client.Site,
            AgentId = client.Agent,
            Targets = targets,
            Broker = new { broker.Host, broker.Port, broker.CaFile, Vhost = Definitions.VirtualHost },
            TokenUrl = new Uri(url, "/oauth/token"),
            AllowInsecureTokenUrl = !url.IsLoopback, // inside one compose network
            ClientId = secret is null ? null : client.ClientId,
            SecretFile = secret,
            Page = new { Port = page },
            MetersEvery = "1m", // a demo is watched: everything sooner than a customer's site would want it
            SuppliesEvery = "15s",
            AlertsEvery = "5s",
            StateDir = PrivateFile.CreateDirectory(Path.Combine(home, "state"))
        }, Json) + "\n");
        return new(client, file, targets.Count, IsEnrolled: secret is not null || File.Exists(Path.Combine(home, "state", "enrolment.json")));
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
