using System.Text.Json;
using Fleet.Cli.Broker;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Demo;

/// <summary>A printer as the simulator's manifest lists it.</summary>
public sealed record ManifestPrinter(string Tenant, string Address, int Port, string Community, string Serial, string Model);

public sealed record DemoAgent(DemoClient Client, string ConfigFile, int Targets);

/// <summary>The configuration files of the two demo agents; each is told its own tenant's printers only.</summary>
public static class DemoAgents
{
    public static IReadOnlyList<DemoAgent> Configure(StateDirectory directory, PortPlan ports, AgentDoor broker)
    {
        var printers = Printers(directory);
        return [.. DemoClient.Agents.Select(client => Configure(client, printers, directory, ports, broker))];
    }

    public static IReadOnlyList<ManifestPrinter> Printers(StateDirectory directory) =>
        JsonSerializer.Deserialize<List<ManifestPrinter>>(File.ReadAllText(directory.Manifest), Json)!;

    private static DemoAgent Configure(DemoClient client, IReadOnlyList<ManifestPrinter> printers, StateDirectory directory, PortPlan ports, AgentDoor broker)
    {
        var home = PrivateFile.CreateDirectory(directory.Agent(client.ClientId));
        var targets = printers.Where(printer => printer.Tenant == client.Tenant).Select(printer => new { printer.Address, printer.Port, printer.Community }).ToList();
        var file = Path.Combine(home, "config.json");
        PrivateFile.Write(file, JsonSerializer.Serialize(new
        {
            client.Tenant,
            client.Site,
            AgentId = client.Agent,
            Targets = targets,
            Broker = new { broker.Host, broker.Port, broker.CaFile, Vhost = Definitions.VirtualHost },
            TokenUrl = $"{ports.Url}/oauth/token",
            client.ClientId,
            SecretFile = directory.SecretOf(client.ClientId),
            MetersEvery = "1m", // a demo is watched: everything sooner than a customer's site would want it
            SuppliesEvery = "15s",
            AlertsEvery = "5s",
            StateDir = PrivateFile.CreateDirectory(Path.Combine(home, "state"))
        }, Json) + "\n");
        return new(client, file, targets.Count);
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
