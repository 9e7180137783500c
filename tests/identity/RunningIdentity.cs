using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Defaults;
using Fleet.Testing;

namespace Fleet.Identity.Tests;

/// <summary>Identity as `./fleet up` runs it: its own issuer, a key file, a clients.json.</summary>
public sealed class RunningIdentity : IAsyncDisposable
{
    public const string Secret = "a secret of thirty-two bytes, said once";

    private const string KeyName = "signing-key.pem";

    private readonly string _directory;

    private RunningIdentity(RunningService service, string directory) => (Service, _directory) = (service, directory);

    public RunningService Service { get; }
    public string Issuer => Service.Address.ToString().TrimEnd('/');
    public string KeyFile => Path.Combine(_directory, KeyName);
    public HttpClient Http => Service.With();

    public static Task<RunningIdentity> StartAsync(params object[] clients) => StartAsync([], clients);

    /// <param name="further">Settings that win over the usual ones.</param>
    public static Task<RunningIdentity> StartAsync((string, string)[] further, params object[] clients) => StartAsync([], further, clients);

    /// <param name="neighbours">Other services beside it, which take its tokens.</param>
    public static async Task<RunningIdentity> StartAsync(Module[] neighbours, (string, string)[] further, params object[] clients)
    {
        var servers = await SharedServers.StartedAsync();
        var directory = Directory.CreateTempSubdirectory("fleet-identity-tests-").FullName;
        var file = Path.Combine(directory, "clients.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(clients, JsonSerializerOptions.Web));
        var key = Path.Combine(directory, KeyName); // the broker's, with room for successors beside it
        File.Copy(servers.Broker.SigningKeyFile, key);
        var url = $"http://127.0.0.1:{Ports.Free()}";
        (string, string)[] settings =
        [
            ("FLEET_HTTP_URL", url), ("FLEET_ISSUER", url), ("FLEET_IDENTITY_KEY", key), ("FLEET_IDENTITY_CLIENTS", file),
            ("FLEET_RABBITMQ_VHOST", "fleet"), // where its tokens are tried at the broker
            ("FLEET_RABBITMQ_MANAGEMENT", servers.Broker.Management), ("FLEET_REGION_COUNTRY", "AT"), ("FLEET_REGION_AMQPS", $"amqps://localhost:{servers.Broker.AmqpsPort}"),
        ];
        try
        {
            return new(await RunningService.StartAsync([.. settings, .. further], [Identity.Module, .. neighbours]), directory);
        }
        catch
        {
            Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    /// <summary>An entry of clients.json with <see cref="Secret"/>.</summary>
    public static object Client(string clientId, string role, string? provider = null, string? tenant = null, string? site = null, string? agent = null) =>
        new { clientId, secretHash = HashOf(Secret), role, provider, tenant, site, agent };

    /// <summary>An entry for a public client that people sign in through.</summary>
    public static object Public(string clientId, params string[] redirectUris) => new { clientId, redirectUris };

    public static string HashOf(string secret, int iterations = 10_000)
    {
        var salt = new byte[16];
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, iterations, HashAlgorithmName.SHA256, 32);
        return $"pbkdf2-sha256${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>Asks for a token with client_secret_post.</summary>
    public async Task<HttpResponseMessage> AskAsync(string clientId, string secret = Secret, string? scope = null)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = secret };
        if (scope is not null)
            form["scope"] = scope;
        using var http = Http;
        return await http.PostAsync("/oauth/token", new FormUrlEncodedContent(form));
    }

    public async Task<string> TokenAsync(string clientId, string? scope = null)
    {
        using var answer = (await AskAsync(clientId, scope: scope)).EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    public async Task<HttpClient> AsAsync(string clientId, string? scope = null) => Service.With(await TokenAsync(clientId, scope));

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
