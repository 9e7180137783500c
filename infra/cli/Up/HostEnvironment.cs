using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>The variables services/host starts with (infra/defaults reads them).</summary>
public static class HostEnvironment
{
    /// <summary>What nobody but the operator can say; passed on when it is set: which region this is and where, who signs its people in instead of Fleet, where reports may go, and after how long who is called silent.</summary>
    public static readonly IReadOnlyList<string> OfOperator =
    [
        "FLEET_REGION", "FLEET_REGION_COUNTRY", "FLEET_REGIONS",
        "FLEET_OIDC_AUTHORITY", "FLEET_OIDC_CLIENT_ID", "FLEET_OIDC_CLIENT_SECRET_FILE", "FLEET_OIDC_SCOPE", "FLEET_OIDC_EMAIL_CLAIM", "FLEET_BREACHED_PASSWORDS",
        "FLEET_SMTP_HOST", "FLEET_SMTP_PORT", "FLEET_SMTP_FROM", "FLEET_SMTP_USER", "FLEET_SMTP_PASSWORD_FILE", "FLEET_SMTP_TLS", "FLEET_REPORTS_FOLDER",
        "FLEET_SILENCE_AGENT", "FLEET_SILENCE_DEVICE", "FLEET_SILENCE_CATCH_UP", "FLEET_SILENCE_EVERY",
    ];

    private static readonly string[] Files = ["FLEET_REGIONS", "FLEET_OIDC_CLIENT_SECRET_FILE", "FLEET_BREACHED_PASSWORDS", "FLEET_SMTP_PASSWORD_FILE", "FLEET_REPORTS_FOLDER"];

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
        foreach (var name in OfOperator)
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } said)
                variables[name] = Files.Contains(name) ? Path.GetFullPath(said) : said;
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
