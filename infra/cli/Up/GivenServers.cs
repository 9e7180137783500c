using System.Net.Http.Headers;
using System.Text;
using System.Web;
using Fleet.Cli.Broker;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Npgsql;

namespace Fleet.Cli.Up;

/// <summary>
/// Servers that exist. FLEET_POSTGRES is an Npgsql connection string, or a postgres:// address, of a role that may create roles and databases.
/// FLEET_RABBITMQ is <c>amqp://admin:password@host:5672?management=http://host:15672&amp;amqps=host:5671&amp;ca=/path/ca.pem</c>: an administrator's login,
/// the management API the definitions are imported through, and the TLS port agents use. For agents to log in, that broker's OAuth 2 plugin must
/// accept the key in secrets/signing-key.pub.pem.
/// </summary>
public static class GivenServers
{
    public static async Task<IReadOnlyList<ServiceDatabase>> PostgresAsync(string given, StateDirectory directory, Action<string> progress, CancellationToken stop)
    {
        try
        {
            return await PrivateServers.DatabasesAsync(ConnectionString(given), directory, progress, stop);
        }
        catch (Exception cause) when (cause is NpgsqlException or ArgumentException)
        {
            throw FleetException.From("PostgreSQL does not serve", Prerequisites.PostgresVariable, cause);
        }
    }

    public static async Task<BrokerDoors> RabbitMqAsync(
        string given, StateDirectory directory, BrokerTrust trust, Action<string> progress, CancellationToken stop)
    {
        if (!Uri.TryCreate(given, UriKind.Absolute, out var address) || address.Scheme is not ("amqp" or "amqps"))
            throw new FleetException("No broker address", Prerequisites.RabbitMqVariable, "it looks like amqp://admin:password@host:5672");
        var query = HttpUtility.ParseQueryString(address.Query);
        var users = PrivateServers.BrokerUsers(directory).Where(user => user.Tags.Length == 0).ToList();
        progress($"RabbitMQ: importing definitions at {address.Host}");
        var management = new QueueCounts(new Uri(query["management"] ?? $"http://{address.Host}:15672"), Uri.UnescapeDataString(address.UserInfo));
        await ImportAsync(management, users, stop);

        var door = query["amqps"]?.Split(':') ?? [address.Host, "5671"];
        return new(
            users.ToDictionary(user => user.Name, user => $"{address.Scheme}://{user.Login}@{address.Host}:{address.Port}/{Definitions.VirtualHost}"),
            new(door[0], int.Parse(door[1], System.Globalization.CultureInfo.InvariantCulture), query["ca"] ?? trust.Certificates.CaFile), management);
    }

    private static async Task ImportAsync(QueueCounts management, IEnumerable<BrokerUser> users, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = management.Management, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(management.Login)));
        using var body = new StringContent(Definitions.Json(users, BrokerUser.RandomSalt), Encoding.UTF8, "application/json");
        try
        {
            using var answer = await http.PostAsync("/api/definitions", body, stop);
            if (!answer.IsSuccessStatusCode)
                throw new FleetException("RabbitMQ refuses the definitions", management.Management.ToString(), $"HTTP {(int)answer.StatusCode}; the login needs the tag administrator");
        }
        catch (HttpRequestException cause)
        {
            throw FleetException.From("RabbitMQ management does not answer", management.Management.ToString(), cause);
        }
    }

    /// <summary>postgres://user:password@host:port/database → Npgsql's words; anything else passes through.</summary>
    public static string ConnectionString(string given)
    {
        if (!Uri.TryCreate(given, UriKind.Absolute, out var address) || address.Scheme is not ("postgres" or "postgresql"))
            return given;
        var login = address.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.IsDefaultPort || address.Port < 0 ? 5432 : address.Port,
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            Database = address.AbsolutePath.Trim('/') is { Length: > 0 } database ? database : "postgres"
        }.ConnectionString;
    }
}
