using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Local;
using Fleet.Defaults;
using Fleet.Host;
using Fleet.Testing;
using Microsoft.Extensions.Configuration;

namespace Fleet.Regions.Tests;

/// <summary>A region: all of Fleet in one process, with databases, a vhost, an issuer and keys of its own; the shared file names all of them.</summary>
internal sealed class RunningRegion : IAsyncDisposable
{
    private const string Secret = "a secret of thirty-two bytes, said once";

    private readonly IReadOnlyList<(string Key, string Value)> _settings;

    private RunningRegion(string name, RunningService service, IReadOnlyList<(string, string)> settings) => (Name, Service, _settings) = (name, service, settings);

    public string Name { get; }
    public RunningService Service { get; }
    public string Url => Service.Address.ToString().TrimEnd('/');

    public static async Task<RunningRegion> StartAsync(string name, RegionsPlan plan, params object[] clients)
    {
        var file = Path.Combine(plan.Directory, $"{name}-clients.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(clients, JsonSerializerOptions.Web));
        (string, string)[] settings =
        [
            ("FLEET_HTTP_URL", plan.UrlOf(name)), ("FLEET_GRPC_URL", "http://127.0.0.1:0"), ("FLEET_ISSUER", plan.UrlOf(name)), ("FLEET_IDENTITY_KEY", plan.KeyOf(name)), ("FLEET_IDENTITY_CLIENTS", file),
            ("FLEET_REGION", name), ("FLEET_REGIONS", plan.File), ("FLEET_REGION_KEY", plan.KeyOf($"{name}-region")),
            ("FLEET_CONSENT_KEY", plan.KeyOf($"{name}-consent")), ("FLEET_IDENTITY_PEOPLE_KEY", plan.KeyOf($"{name}-people")),
        ];
        return new(name, await RunningService.StartAsync(settings, Everything.Modules), settings);
    }

    /// <summary>What `./fleet tenant` works with: the stores as a program of its own opens them.</summary>
    public TenantStores Stores() => TenantStores.Open(new ConfigurationBuilder().AddInMemoryCollection(Settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build(), Everything.Modules, Service.Clock);

    /// <summary>What the processes of the region are started with.</summary>
    public IReadOnlyDictionary<string, string> Settings => _settings.Concat(Service.Place.Settings).DistinctBy(s => s.Key).ToDictionary(s => s.Key, s => s.Value);

    public static object Client(string clientId, string role, string? provider = null, string? tenant = null) => new { clientId, secretHash = HashOf(Secret), role, provider, tenant };

    public async Task<HttpResponseMessage> AskTokenAsync(string clientId)
    {
        using var http = Service.With();
        return await http.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = clientId, ["client_secret"] = Secret }));
    }

    public async Task<string> TokenAsync(string clientId)
    {
        using var answer = (await AskTokenAsync(clientId)).EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    public async Task<HttpClient> AsAsync(string clientId) => With(await TokenAsync(clientId));

    /// <summary>Redirects are looked at, not followed.</summary>
    public HttpClient With(string? token = null)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Service.Address };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static string HashOf(string secret)
    {
        var salt = new byte[16];
        var hash = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(secret), salt, 10_000, HashAlgorithmName.SHA256, 32);
        return $"pbkdf2-sha256$10000${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>The file all regions read, and the keys each has; gone with the test.</summary>
internal sealed class RegionsPlan
{
    private readonly Dictionary<string, string> _urls;

    public RegionsPlan(params string[] regions)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("fleet-regions-tests-").FullName;
        _urls = regions.ToDictionary(region => region, _ => $"http://127.0.0.1:{Ports.Free()}");
        Say(new Dictionary<string, string>());
    }

    public string Directory { get; }
    public string File => Path.Combine(Directory, "regions.json");

    public string UrlOf(string region) => _urls[region];

    /// <summary>What the file says; nobody answers there.</summary>
    public static string GrpcOf(string region) => $"https://grpc.{region}.example";

    /// <summary>PKCS#8 PEM of a P-256 key of that name.</summary>
    public string KeyOf(string name) => SigningKey.Open(Path.Combine(Directory, $"{name}.pem")).PrivateFile;

    /// <summary>Writes the file anew: who lives where.</summary>
    public void Say(IReadOnlyDictionary<string, string> tenants) => System.IO.File.WriteAllText(File, JsonSerializer.Serialize(new
    {
        regions = _urls.Select(region => new
        {
            name = region.Key,
            country = region.Key.ToUpperInvariant(),
            api = region.Value,
            grpc = GrpcOf(region.Key),
            keys = RegionKeys.Of(Es256Key.Of(System.IO.File.ReadAllText(KeyOf($"{region.Key}-region")))),
        }),
        tenants,
    }, JsonSerializerOptions.Web));

    public Task RemoveAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return Task.CompletedTask;
    }
}
