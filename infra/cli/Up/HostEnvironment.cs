using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>The variables services/host starts with (infra/defaults reads them).</summary>
public static class HostEnvironment
{
    public static IReadOnlyDictionary<string, string> Of(PortPlan ports, Backing backing, string signingKeyFile, string grantKeyFile, string clientsFile, string peopleKeyFile, string regionKeyFile)
    {
        var variables = new Dictionary<string, string>
        {
            ["FLEET_HTTP_URL"] = ports.Url,
            ["FLEET_GRPC_URL"] = ports.GrpcUrl,
            ["FLEET_PUBLIC_URL"] = ports.Url,
            ["FLEET_ISSUER"] = ports.Url,
            ["FLEET_IDENTITY_KEY"] = signingKeyFile,
            ["FLEET_CONSENT_KEY"] = grantKeyFile,
            ["FLEET_IDENTITY_CLIENTS"] = clientsFile,
            ["FLEET_IDENTITY_PEOPLE_KEY"] = peopleKeyFile,
            ["FLEET_REGION_KEY"] = regionKeyFile,
            ["FLEET_REGION_AMQPS"] = $"amqps://{backing.Broker.Agents.Host}:{backing.Broker.Agents.Port}",
            ["FLEET_RABBITMQ_MANAGEMENT"] = backing.Broker.Counts.Management.ToString(),
            ["DOTNET_gcServer"] = "0" // one small process beside its database and broker
        };
        // Which region this is, is its operator's to say.
        if (Environment.GetEnvironmentVariable("FLEET_REGION") is { Length: > 0 } region)
            variables["FLEET_REGION"] = region;
        if (Environment.GetEnvironmentVariable("FLEET_REGIONS") is { Length: > 0 } regions)
            variables["FLEET_REGIONS"] = Path.GetFullPath(regions);
        foreach (var database in backing.Databases)
        {
            var name = database.Service.ToUpperInvariant();
            variables[$"FLEET_POSTGRES_{name}"] = database.Owner;
            variables[$"FLEET_POSTGRES_{name}_READER"] = database.Reader;
            variables[$"FLEET_RABBITMQ_{name}"] = backing.Broker.Services[database.Service];
        }

        return variables;
    }
}
